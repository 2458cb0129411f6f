package io.goshare.server;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.goshare.protocol.Words;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Where settings come from: the first GoShare's file beats flags, which beat variables, which beat the settings file.
 * An unknown name is an error, but in the first GoShare's file, where it never was: there it is a warning.
 */
final class SettingSources {
    private static final String PREFIX = "GOSHARE_";
    /** Variables of the launcher, the client, and those Kubernetes sets where a service is called goshare. */
    private static final String OTHERS = "GOSHARE_(HOME|BUILD|JAVA_OPTS|URL|TOKEN|CLIENT_.*|PORT(_.*)?|SERVICE_.*)";

    private final List<String> warnings = new ArrayList<>();

    /** What reading the sources found strange; whole sentences. */
    List<String> warnings() {
        return List.copyOf(warnings);
    }

    /**
     * The configuration of {@code flags}, {@code environment} and the files they name.
     *
     * @throws StartException USAGE for an unknown name, a malformed value or a file that cannot be read
     */
    ServerConfig read(Map<Setting, String> flags, Map<String, String> environment) {
        Map<Setting, String> merged = variables(environment);
        merged.putAll(flags);
        String settings = merged.getOrDefault(Setting.SETTINGS, "");
        if (!settings.isEmpty()) {
            settingsFile(Path.of(settings)).forEach(merged::putIfAbsent);
        }
        String config = merged.getOrDefault(Setting.CONFIG, "");
        if (!config.isEmpty()) {
            merged.putAll(firstFile(Path.of(config)));
        }
        return ServerConfig.of(merged);
    }

    private static Map<Setting, String> variables(Map<String, String> environment) {
        Map<Setting, String> found = new EnumMap<>(Setting.class);
        environment.forEach((name, value) -> {
            if (!name.startsWith(PREFIX) || name.matches(OTHERS) || value.isEmpty()) {
                return;
            }
            Setting setting = Arrays.stream(Setting.values())
                    .filter(one -> one.variable().equals(name))
                    .findFirst()
                    .orElseThrow(() -> unknown(
                            "the environment",
                            name,
                            Words.suggestion(
                                    name, Arrays.stream(Setting.values()).map(Setting::variable))));
            found.put(setting, value);
        });
        return found;
    }

    private static Map<Setting, String> settingsFile(Path file) {
        Map<Setting, String> found = new EnumMap<>(Setting.class);
        object(file).properties().forEach(field -> {
            String name = field.getKey();
            Setting setting = Setting.named(name)
                    .filter(one -> one != Setting.SETTINGS && one != Setting.CONFIG)
                    .orElseThrow(() -> unknown(file.toString(), name, Setting.suggestion(name)));
            put(found, setting, text(file, name, field.getValue()));
        });
        return found;
    }

    private Map<Setting, String> firstFile(Path file) {
        Map<Setting, String> found = new EnumMap<>(Setting.class);
        object(file).properties().forEach(field -> {
            String name = field.getKey();
            Setting setting = Setting.named(name).orElse(null);
            if (setting == null) {
                warnings.add(file + " sets " + name + ", which is no setting" + Setting.suggestion(name)
                        + "; it is ignored");
            } else if (!field.getValue().isTextual()) {
                warnings.add(file + " sets " + name + " to something that is no string; it is ignored");
            } else if (!field.getValue().textValue().isEmpty()) { // an empty one was as good as none
                put(found, setting, field.getValue().textValue());
            }
        });
        return found;
    }

    private static void put(Map<Setting, String> found, Setting setting, String value) {
        if (setting.isList()) {
            found.merge(setting, value, (one, other) -> one + "," + other);
        } else if (found.put(setting, value) != null) {
            throw new StartException(ExitCode.USAGE, setting.flag() + " is set twice, by two of its names");
        }
    }

    private static String text(Path file, String name, JsonNode value) {
        if (value.isArray() && !value.isEmpty()) {
            List<String> parts = new ArrayList<>();
            value.forEach(part -> parts.add(text(file, name, part)));
            return String.join(",", parts);
        }
        if (!value.isValueNode() || value.isNull()) {
            throw new StartException(ExitCode.USAGE, file + ": " + name + " is neither text, number nor boolean");
        }
        return value.asText();
    }

    private static JsonNode object(Path file) {
        try {
            JsonNode root = new ObjectMapper()
                    .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
                    .readTree(Files.readAllBytes(file));
            if (root == null || !root.isObject()) {
                throw new StartException(ExitCode.USAGE, file + " is no JSON object of settings");
            }
            return root;
        } catch (IOException e) {
            String reason = e.toString();
            if (e instanceof JsonProcessingException json) {
                reason = json.getOriginalMessage();
            } else if (e instanceof NoSuchFileException) {
                reason = "there is no such file";
            }
            throw new StartException(ExitCode.USAGE, "the settings in " + file + " cannot be read: " + reason, e);
        }
    }

    private static StartException unknown(String where, String name, String suggestion) {
        return new StartException(ExitCode.USAGE, where + " sets " + name + ", which is no setting" + suggestion);
    }
}
