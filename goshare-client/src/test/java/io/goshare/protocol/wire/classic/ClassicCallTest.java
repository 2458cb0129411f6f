package io.goshare.protocol.wire.classic;

import static org.assertj.core.api.Assertions.assertThat;

import io.goshare.protocol.Body;
import io.goshare.protocol.Command;
import io.goshare.protocol.ErrorCode;
import io.goshare.protocol.GoShareException;
import io.goshare.protocol.Param;
import io.goshare.protocol.Reply;
import io.goshare.protocol.Table;
import io.goshare.protocol.Verb;
import io.goshare.protocol.model.Text;
import io.goshare.protocol.model.Value;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the transcripts do not show of the first GoShare's rules. */
final class ClassicCallTest {
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2014-07-01T12:03:04.5Z"));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "push default k v1  v2         | PUSH default k=v1 v2",
                "push default k                | PUSH default k=",
                "push bogus k v                | PUSH default k=v",
                "push - k v                    | PUSH default k=v",
                "push ns a::b v                | PUSH ns a::b=v",
                "push now k v                  | PUSH ns k:2014:7:1:12:3:4:0=v",
                "push now-csv-parent p k,v     | PUSH ns p:k:2014:7:1:12:3:4:0=v",
                "push tsds 2014 13 -1 1 2 3.4.5.6.7 k v | PUSH ns k:2014:13:-1:1:2:3:6=v",
                "push tsds 1 2 3 4 5 6 k       | PUSH ns k:1:2:3:4:5:6:0=",
                "push default-csv a,1,2 b a,3  | PUSH default a=3 b=",
                "push default-json {\"a\": \"x  y\", \"b\":\"\"} | PUSH default a=x y b=",
                "push default-default-parentNS p k v | PUSH default p:k=v",
                "push default-default-parent-x p k v | PUSH default p=k v",
                "push default-parent p k       | PUSH default p=k",
                "read now k                    | READ default k",
                "read tsds k:2014 ignored      | READ ns k:2014",
                "read tsds 2014 2              | READ ns 2014",
                "read ns-csv a,b c             | READ ns a b c",
                "read ns-json-parent p [\"a\",1,{},\"b\"] | READ ns p:a p: p: p:b",
                "delete ns-json [\"a\"]        | DELETE ns a",
            })
    void wordsBecomeCommands(String words, String command) {
        assertThat(shown(ClassicWords.parse(Text.encode(words), CLOCK))).isEqualTo(command);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "read",
                "read default",
                "READ default a",
                "push tsds 1 2 3 4 5 6",
                "foo bar baz",
                "read default-json x",
                "read default-csv a\"b",
                "read ns-json []"
            })
    void whatTheFirstGoShareRefusedIsRefusedTheSame(String words) {
        ClassicCall call = ClassicWords.parse(Text.encode(words), CLOCK);

        assertThat(call.command()).isEmpty();
        assertThat(call.answer().body()).isEqualTo(Text.encode("Error for request sent: " + words));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "read ns-default-parent a",
                "push default-csv a\"b,c",
                "push default-json {bad",
                "push default-json [\"a\"]",
                "push default-json {\"a\":1}",
                "push default-json {\"a\":null}",
                "push default-json {\"a\":\"b\"} x",
                "delete default-json x",
                "delete default-csv \"a",
                "push tsds-default-parent 1 2 3 4 5 6 p"
            })
    void whereItCrashedOrLiedTheReasonFollows(String words) {
        ClassicCall call = ClassicWords.parse(Text.encode(words), CLOCK);

        assertThat(call.command()).isEmpty();
        assertThat(Text.decode(call.answer().body()))
                .startsWith("Error for request sent: " + words + "\n")
                .hasSizeGreaterThan(26 + words.length());
    }

    @Test
    void bytesThatAreNoUtf8PassThrough() {
        byte[] words = {'p', 'u', 's', 'h', ' ', 'n', 's', ' ', (byte) 0xff, ':', 0, ' ', (byte) 0x85, (byte) 0xa0, '\n'
        };

        Table table = rows(ClassicWords.parse(words, CLOCK));

        assertThat(table.rows().get(0)[0].bytes()).containsExactly(0xff, ':', 0);
        assertThat(table.rows().get(0)[1].bytes()).containsExactly(0x85, 0xa0);
    }

    @Test
    void numbersAreValuesThatRememberTheirDigits() {
        Table table = rows(ClassicWords.parse(Text.encode("push default k 0.50"), CLOCK));

        assertThat(table.rows().get(0)[1]).isEqualTo(Value.decimal(50, 2));
        assertThat(table.rows().get(0)[1].classicBytes()).isEqualTo(Text.encode("0.50"));
    }

    @Test
    void repliesAreTrimmedOnceAsAWhole() {
        ClassicCall call = ClassicWords.parse(Text.encode("read ns k"), CLOCK);
        Table table = Table.of("key", "value")
                .add(Value.of("\nk"), Value.of("a "))
                .add(Value.of("e"), Value.of(""))
                .add(Value.of("l"), Value.of("b\u2003"));

        assertThat(Text.decode(call.answer(Reply.of(table)).body())).isEqualTo("\"\nk\",a \nl,b");
    }

    @Test
    void jsonRepliesAreSortedAndEscapedAsGoDoes() {
        ClassicCall call = ClassicWords.parse(Text.encode("read ns-json [\"k\"]"), CLOCK);
        Table table = Table.of("key", "value")
                .add(Value.of("é"), Value.of("<&>\u2028\u2029\b\f\u007f"))
                .add(Value.of("b"), Value.text(new byte[] {(byte) 0xed, (byte) 0xa0, (byte) 0x80, '"'}))
                .add(Value.of("b"), Value.of("twice"));

        assertThat(Text.decode(call.answer(Reply.of(table)).body()))
                .isEqualTo("{\"b\":\"twice\",\"é\":\"\\u003c\\u0026\\u003e\\u2028\\u2029\\u0008\\u000c\u007f\"}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "key=k&val=v                         | PUSH default k=v",
                "key=k%0Ax&val=v%0Aw                 | PUSH default k=x v w",
                "dbdata=%0Av                         | PUSH default =v",
                "key=k&val=v&dbdata=ignored          | PUSH default k=v",
                "type=ns-csv&dbdata=a,1%0D%0Ab,2     | PUSH ns a=1 b=2",
                "type=ns-csv-x&dbdata=a,1&parentNS=p:q | PUSH ns p:q:a=1",
                "type=ns-csv&dbdata=a,1&parentNS=p   | PUSH ns a=1",
                "type=tsds&key=k&val=v&year=2014&sec=7.1.2.3 | PUSH ns k:2014:0:0:0:0:7:3=v",
                "type=default-csv&key=a&val=b        | PUSH default a=b",
                "type=default-csv&key=a,1&val=b,2    | PUSH default a=1 b=2",
                "type=default-csv&key=a,1            | PUSH default a=1",
                "type=default-json&key=a&val=b       | PUSH default a=b",
                "type=default-json&key=%7B%22a%22:%22b%22%7D | PUSH default a=b",
                "key=a+b&key=c&val=%31&val=2         | PUSH default a b=1",
            })
    void formsBecomeCommands(String form, String command) {
        assertThat(shown(ClassicForm.parse(Action.PUSH, new Form().add(form), CLOCK)))
                .isEqualTo(command);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "val=x", "key=&dbdata=", "type=tsds&year=2014", "key=%zz", "key=a;b", "key=%4"})
    void aFormWithoutKeyAndDataIsAnsweredByNothing(String form) {
        ClassicCall call = ClassicForm.parse(Action.PUSH, new Form().add(form), CLOCK);

        assertThat(call.command()).isEmpty();
        assertThat(call.answer().status()).isEqualTo(200);
        assertThat(call.answer().body()).isEmpty();
    }

    @Test
    void aFailureShowsTheFormAndThenTheReason() {
        ClassicCall call =
                ClassicForm.parse(Action.PUSH, new Form().add("val=1&key=a%FF").add("key=b&=x"), CLOCK);

        Answer answer = call.answer(new GoShareException(ErrorCode.DISK_LOW, "the disk is full"));

        assertThat(answer.status()).isEqualTo(500);
        assertThat(Text.decode(answer.body()))
                .isEqualTo(
                        "FATAL Error: (DBTasks) map[\"\":[\"x\"] \"key\":[\"a\\xff\" \"b\"] \"val\":[\"1\"]]\nthe disk is full\n");
    }

    @Test
    void methodsAndRoutesAreThoseOfTheFirstGoShare() {
        assertThat(ClassicForm.action("GET", "/db")).contains(Action.READ);
        assertThat(ClassicForm.action("PUT", "/db")).contains(Action.PUSH);
        assertThat(ClassicForm.action("HEAD", "/db")).isEmpty();
        assertThat(ClassicForm.action("FOO", "/del")).contains(Action.DELETE);
        assertThat(ClassicForm.readsBody("PATCH", "Application/X-www-form-urlencoded; charset=utf-8"))
                .isTrue();
        assertThat(ClassicForm.readsBody("DELETE", "application/x-www-form-urlencoded"))
                .isFalse();
        assertThat(ClassicForm.readsBody("POST", "multipart/form-data; boundary=B"))
                .isFalse();
        assertThat(ClassicForm.readsBody("POST", null)).isFalse();
        assertThat(ClassicForm.isRoute("/get/")).isFalse();
    }

    private static Table rows(ClassicCall call) {
        return ((Body.Rows) call.command().orElseThrow().body()).table();
    }

    private static String shown(ClassicCall call) {
        Command command = call.command().orElseThrow();
        List<String> words = new ArrayList<>(List.of(command.verb().name(), command.require(Param.TYPE)));
        for (Value[] row : rows(call).rows()) {
            words.add(String.join(
                    command.verb() == Verb.PUSH ? "=" : "",
                    Arrays.stream(row).map(Value::asText).toList()));
        }
        return String.join(" ", words);
    }
}
