package io.goshare.it.sdk;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.goshare.client.Option;
import io.goshare.it.fixture.ServerExtension;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The snippets of docs/guide-java.md, compiled and run, print what stands below them. */
final class GuideIT {
    private static final Path GUIDE = guide();
    private static final Pattern SNIPPET =
            Pattern.compile("```java\\n(.*?)```\\n(?:```output\\n(.*?)```\\n)?", Pattern.DOTALL);
    private static final String IMPORTS = List.of(
                    "io.goshare.client.*",
                    "io.goshare.client.batch.*",
                    "io.goshare.client.error.*",
                    "io.goshare.client.statement.*",
                    "io.goshare.protocol.model.Value",
                    "java.time.*",
                    "java.util.*",
                    "java.util.concurrent.*")
            .stream()
            .map(name -> "import " + name + ";\n")
            .collect(Collectors.joining());

    @RegisterExtension
    final ServerExtension server = ServerExtension.on("memory");

    @TempDir
    Path classes;

    private static Path guide() {
        Path here = Path.of("docs/guide-java.md");
        return Files.exists(here) ? here : Path.of("../docs/guide-java.md");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http", "zmq", "mem"})
    void snippetsPrintWhatTheySay(String scheme) throws Exception {
        List<String> expected = new ArrayList<>();
        String program = program(expected);
        compile(program);

        List<String> printed = new ArrayList<>();
        PrintStream before = System.out;
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {classes.toUri().toURL()})) {
            for (int i = 0; i < expected.size(); i++) {
                ByteArrayOutputStream out = new ByteArrayOutputStream();
                System.setOut(new PrintStream(out, true, UTF_8));
                loader.loadClass("Guide").getMethod("snippet" + i, String.class).invoke(null, url(scheme));
                printed.add(out.toString(UTF_8));
            }
        } finally {
            System.setOut(before);
        }
        for (int i = 0; i < expected.size(); i++) {
            if (!expected.get(i).isEmpty()) {
                assertThat(printed.get(i)).as("snippet " + i).isEqualTo(expected.get(i));
            }
        }
        assertThat(expected).hasSizeGreaterThan(10);
    }

    private String url(String scheme) {
        return switch (scheme) {
            case "http" -> "goshare:http://" + server.http();
            case "zmq" -> "goshare:zmq://" + server.zmq();
            default -> "goshare:mem:guide";
        };
    }

    /** A method for each snippet; the first connects by itself, the others share a connection and their start. */
    private static String program(List<String> expected) throws IOException {
        StringBuilder methods = new StringBuilder();
        Matcher snippet = SNIPPET.matcher(Files.readString(GUIDE));
        while (snippet.find()) {
            String code = snippet.group(1);
            int number = expected.size();
            boolean connects = code.contains("GoShare db");
            boolean starts = code.contains("Instant start =") || !code.contains("start");
            methods.append("public static void snippet").append(number).append("(String url) throws Exception {\n");
            if (!starts) {
                methods.append("Instant start = Instant.parse(\"2026-07-01T12:00:00Z\");\n");
            }
            methods.append(connects ? code : "GoShare db = SHARED.computeIfAbsent(url, GoShare::connect);\n" + code);
            methods.append("}\n");
            expected.add(snippet.group(2) == null ? "" : snippet.group(2));
        }
        return IMPORTS + "public class Guide {\nstatic final Map<String, GoShare> SHARED = new HashMap<>();\n" + methods
                + "public static void snippet" + expected.size()
                + "(String url) { SHARED.remove(url).close(); }\n}\n" + closing(expected);
    }

    /** The last method closes the connection that the snippets share. */
    private static String closing(List<String> expected) {
        expected.add("");
        return "";
    }

    private void compile(String program) throws IOException {
        Path source = Files.writeString(classes.resolve("Guide.java"), program);
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> problems = new DiagnosticCollector<>();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(problems, null, UTF_8)) {
            boolean compiled = compiler.getTask(
                            null,
                            files,
                            problems,
                            List.of(
                                    "-proc:none",
                                    "-d",
                                    classes.toString(),
                                    "-cp",
                                    System.getProperty("java.class.path")),
                            null,
                            files.getJavaFileObjects(source))
                    .call();
            assertThat(compiled).as(problems.getDiagnostics() + program).isTrue();
        }
    }

    @Test
    void theTableOfSettingsIsThatOfTheCode() throws IOException {
        String guide = Files.readString(GUIDE);
        int begin = guide.indexOf("<!-- made from Option -->\n");
        String table = guide.substring(begin + "<!-- made from Option -->\n".length(), guide.indexOf("<!-- end -->"));
        String expected = Arrays.stream(Option.values())
                .map(option -> "| `" + option.key() + "` | "
                        + (option.fallback().isEmpty() ? "-" : "`" + option.fallback() + "`") + " | " + option.help()
                        + " |\n")
                .collect(Collectors.joining());
        assertThat(table).isEqualTo("| key | default | means |\n|---|---|---|\n" + expected);
    }
}
