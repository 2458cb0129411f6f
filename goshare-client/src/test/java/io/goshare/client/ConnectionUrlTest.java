package io.goshare.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.goshare.client.error.ConfigurationException;
import io.goshare.protocol.model.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConnectionUrlTest {
    @Test
    void hostsNamespaceAndSettingsAreRead() {
        ConnectionUrl url = ConnectionUrl.parse("goshare:http://a:1,b,[::1]:7/plant/7?timeout=2s&encoding=JSON");

        assertThat(url.scheme()).isEqualTo("http");
        assertThat(url.hosts()).containsExactly("a:1", "b", "[::1]:7");
        assertThat(url.namespace()).contains(Path.parse("plant:7"));
        assertThat(url.options()).isEqualTo(Map.of(Option.TIMEOUT, "2s", Option.ENCODING, "json"));
    }

    @Test
    void placesOfEmbeddedStoresAreRead() {
        assertThat(ConnectionUrl.parse("goshare:file:/var/my%20data?engine=memory")
                        .place())
                .isEqualTo("/var/my data");
        assertThat(ConnectionUrl.parse("goshare:file:///var/data").place()).isEqualTo("/var/data");
        assertThat(ConnectionUrl.parse("goshare:file:./data+1").place()).isEqualTo("./data+1");
        assertThat(ConnectionUrl.parse("goshare:mem:tests").place()).isEqualTo("tests");
        assertThat(ConnectionUrl.parse("goshare:mem:tests").hosts()).isEmpty();
    }

    @Test
    void whatCannotBeUsedIsNamedWithTheRemedy() {
        assertWrong("", "goshare:http://host:9999");
        assertWrong("http://a", "goshare:http://host:9999");
        assertWrong("goshare:http:a", "needs a host");
        assertWrong("goshare:http://", "is no host:port");
        assertWrong("goshare:http://a:0", "'a:0' is no host:port");
        assertWrong("goshare:http://a:70000", "is no host:port");
        assertWrong("goshare:http://a,,b", "'' is no host:port");
        assertWrong("goshare:http://a b", "is no host:port");
        assertWrong("goshare:file:", "needs a place");
        assertWrong("goshare:https://a", "later release", "goshare:http://");
        assertWrong("goshare:zmq+curve://a", "later release", "goshare:zmq://");
        assertWrong("goshare:ftp://a", "there is no transport ftp");
        assertWrong("goshare:http://a?timeuot=1s", "did you mean timeout?");
        assertWrong("goshare:http://a?timeout", "has no value");
        assertWrong("goshare:http://a?timeout=1s&timeout=2s", "given twice");
        assertWrong("goshare:http://a?timeout=soon", "timeout=soon", "duration");
        assertWrong("goshare:http://a?timeout=0s", "shorter than 1ms");
        assertWrong("goshare:http://a?encoding=msgpak", "did you mean msgpack?");
        assertWrong("goshare:http://a?encoding=raw", "is no encoding");
        assertWrong("goshare:http://a?retries=-1", "between 0 and 100");
        assertWrong("goshare:http://a?batch.rows=many", "is no integer");
        assertWrong("goshare:http://a?tls.ca=x", "later release");
        assertWrong("goshare:http://a?timeout=%zz", "hexadecimal");
    }

    private static void assertWrong(String url, String... parts) {
        assertThatThrownBy(() -> GoShare.connect(url).close())
                .as(url)
                .isInstanceOf(ConfigurationException.class)
                .satisfies(e -> assertThat(e.getMessage()).contains(parts));
    }

    @Test
    void secretsAreNeverShown() {
        String url = "goshare:http://127.0.0.1:1?token=s3cret&retries=0&timeout=1s";
        assertThat(ConnectionUrl.parse(url).toString()).contains("token=***").doesNotContain("s3cret");
        assertWrongWithout("goshare:http://user:s3cret@host");
        assertWrongWithout("goshare:http://a?token=s3cret&timeuot=1");
        assertWrongWithout("goshare:http://a?token=s3cret&token=s3cret");
        assertWrongWithout("htp://a?token=s3cret");
        try (GoShare db = GoShare.connect(url)) {
            assertThat(db.toString()).doesNotContain("s3cret");
            assertThat(db.settings().toString()).doesNotContain("s3cret");
            assertThatThrownBy(() -> db.kv().get("a")).satisfies(ConnectionUrlTest::hidesTheSecret);
        }
        try (GoShare db = GoShare.connect("goshare:http://127.0.0.1:1?token=s3cret%0a%C3%A9")) {
            assertThatThrownBy(() -> db.kv().get("a")).satisfies(ConnectionUrlTest::hidesTheSecret);
        }
        GoShareDataSource source = new GoShareDataSource();
        source.setUrl(url);
        source.setToken("s3cret");
        assertThat(source.toString()).doesNotContain("s3cret");
        assertThat(GoShare.builder().token("s3cret").toString()).doesNotContain("s3cret");
    }

    private static void assertWrongWithout(String url) {
        assertThatThrownBy(() -> GoShare.connect(url)).satisfies(ConnectionUrlTest::hidesTheSecret);
    }

    private static void hidesTheSecret(Throwable thrown) {
        for (Throwable at = thrown; at != null; at = at.getCause()) {
            assertThat(at.toString()).doesNotContain("s3cret");
        }
    }

    @Test
    void theBuilderBeatsTheUrlTheUrlThePropertyAndThePropertyTheEnvironment() {
        Map<String, String> properties = Map.of("goshare.retries", "3", "goshare.timeout", "3s", "goshare.page", "3");
        Map<String, String> environment =
                Map.of("GOSHARE_RETRIES", "4", "GOSHARE_BATCH_ROWS", "4", "GOSHARE_ATTEMPT_TIMEOUT", "4s");
        try (GoShare db = GoShare.builder(properties::get, environment::get)
                .url("goshare:http://a?timeout=2s&page=2")
                .page(1)
                .build()) {
            assertThat(db.settings())
                    .containsEntry("page", "1")
                    .containsEntry("timeout", "2s")
                    .containsEntry("retries", "3")
                    .containsEntry("batch.rows", "4")
                    .containsEntry("attemptTimeout", "4s")
                    .containsEntry("encoding", "columns");
        }
        try (GoShare db = GoShare.builder(Map.<String, String>of()::get, Map.of("GOSHARE_URL", "goshare:zmq://b")::get)
                .build()) {
            assertThat(db).hasToString("goshare:zmq://b");
        }
    }

    @Test
    void aDataSourceTakesPropertiesAndRefusesUnknownOnes() {
        GoShareDataSource source = new GoShareDataSource();
        source.setUrl("goshare:http://a");
        source.setProperty("timeout", "7s");
        source.setNamespace("x:y");
        try (GoShare db = source.open()) {
            assertThat(db.settings()).containsEntry("timeout", "7s");
        }
        assertThatThrownBy(() -> source.setProperty("tokn", "x")).hasMessageContaining("did you mean token?");
        assertThatThrownBy(() -> source.setUrl("goshare:")).isInstanceOf(ConfigurationException.class);
        assertThat(List.of(source.getNamespace(), source.getUrl())).containsExactly("x:y", "goshare:http://a");
    }
}
