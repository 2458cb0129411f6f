package io.goshare.protocol;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One request: a verb, its parameters and a body. Immutable. Every spelling (HTTP, ZeroMQ words, shell, fluent Java) is
 * this, and prints back to it.
 */
public final class Command {
    private final Verb verb;
    private final Map<Param<?>, Object> args;
    private final Body body;

    private Command(Verb verb, Map<Param<?>, Object> args, Body body) {
        this.verb = verb;
        this.args = args;
        this.body = body;
    }

    public static Command of(Verb verb) {
        return new Command(verb, Map.of(), Body.NONE);
    }

    /**
     * This command with {@code param} set.
     *
     * @throws GoShareException BAD_REQUEST if the verb does not take it
     */
    public <T> Command with(Param<T> param, T value) {
        if (!verb.takes(param)) {
            throw GoShareException.badField(
                    param.name(), verb.word() + " takes no " + param + "; it takes " + allowed(verb));
        }
        Map<Param<?>, Object> more = new LinkedHashMap<>(args);
        more.put(param, value);
        return new Command(verb, Collections.unmodifiableMap(more), body);
    }

    /**
     * This command with the parameter of this name set from text; naming one twice is an error.
     *
     * @throws GoShareException BAD_REQUEST if there is none, the verb does not take it, or the text is malformed
     */
    public Command with(String name, String text) {
        return with(Map.of(name, text));
    }

    /** The same for several names and their texts, in their order. */
    public Command with(Map<String, String> texts) {
        Map<Param<?>, Object> more = new LinkedHashMap<>(args);
        texts.forEach((name, text) -> {
            Param<?> param = named(name);
            if (more.containsKey(param)) {
                throw GoShareException.badField(name, name + " is given twice");
            }
            more.put(param, param.parse(text));
        });
        return new Command(verb, Collections.unmodifiableMap(more), body);
    }

    private Param<?> named(String name) {
        return verb.param(name)
                .orElseThrow(() -> GoShareException.badField(
                        name,
                        verb.word() + " takes no " + name + Words.suggestion(name, names(verb)) + "; it takes "
                                + allowed(verb)));
    }

    public Command with(Body newBody) {
        return new Command(verb, args, newBody);
    }

    private static Stream<String> names(Verb verb) {
        Stream<Param<?>> writing = verb.access() == Verb.Access.READ ? Stream.of() : Verb.WRITING.stream();
        return Stream.of(verb.params().stream(), writing, Verb.COMMON.stream())
                .flatMap(params -> params)
                .map(Param::name);
    }

    private static String allowed(Verb verb) {
        return names(verb).collect(Collectors.joining(", "));
    }

    public Verb verb() {
        return verb;
    }

    public Body body() {
        return body;
    }

    /** The parameters given, in the order they were. */
    public Map<Param<?>, Object> args() {
        return args;
    }

    /** The value given, or else the parameter's default, if it has one. */
    @SuppressWarnings("unchecked") // with() lets only a T in
    public <T> Optional<T> get(Param<T> param) {
        Object given = args.get(param);
        return given == null ? param.fallback() : Optional.of((T) given);
    }

    /** Whether {@code param} was given, whatever its default. */
    public boolean has(Param<?> param) {
        return args.containsKey(param);
    }

    /**
     * The value given, or the default.
     *
     * @throws GoShareException BAD_REQUEST if there is neither
     */
    public <T> T require(Param<T> param) {
        return get(param)
                .orElseThrow(() -> GoShareException.badField(
                        param.name(), verb.word() + " needs " + param + "=…: " + param.help()));
    }

    /** The parameters as names and text, in the order they were given; {@link #with(String, String)} reads each. */
    public Map<String, String> printed() {
        Map<String, String> out = new LinkedHashMap<>();
        args.forEach((param, value) -> out.put(param.name(), print(param, value)));
        return out;
    }

    @SuppressWarnings("unchecked") // with() lets only a T in
    private static <T> String print(Param<T> param, Object value) {
        return param.print((T) value);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Command that && verb == that.verb && args.equals(that.args) && body.equals(that.body);
    }

    @Override
    public int hashCode() {
        return 31 * verb.hashCode() + args.hashCode();
    }

    /** The verb and the names of its parameters; values may be secret. */
    @Override
    public String toString() {
        return verb.word() + args.keySet();
    }
}
