package dev.qwenmcp.server.transport.http.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Key;
import java.security.KeyStore;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TlsIdentityTest {
  private static final String PASSWORD = "changeit";
  private static final InstantSource NOW = InstantSource.system();

  @TempDir private static Path folder;

  @BeforeAll
  static void makeKeys() throws Exception {
    make("RSA", "rsa.p12");
    make("EC", "ec.p12");
    make("Ed25519", "ed.p12");
  }

  private static void make(String algorithm, String file) throws Exception {
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "server",
                "-keyalg",
                algorithm,
                "-dname",
                "CN=localhost",
                "-ext",
                "san=dns:localhost",
                "-validity",
                "2",
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD,
                "-keystore",
                folder.resolve(file).toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(keytool.waitFor()).as(said).isZero();
  }

  private static KeyStore store(String file) throws Exception {
    return KeyStore.getInstance(folder.resolve(file).toFile(), PASSWORD.toCharArray());
  }

  private static Path pem(String name, String kind, byte[] content) throws IOException {
    return Files.writeString(
        folder.resolve(name),
        "-----BEGIN %s-----%n%s%n-----END %s-----%n"
            .formatted(kind, Base64.getMimeEncoder().encodeToString(content), kind));
  }

  private static Path certificate(String file) throws Exception {
    return pem(file + ".crt", "CERTIFICATE", store(file).getCertificate("server").getEncoded());
  }

  private static Path key(String file) throws Exception {
    Key key = store(file).getKey("server", PASSWORD.toCharArray());
    return pem(file + ".key", "PRIVATE KEY", key.getEncoded());
  }

  @ParameterizedTest
  @ValueSource(strings = {"rsa.p12", "ec.p12", "ed.p12"})
  void clientsThatTrustTheCertificateSpeakToIt(String file) throws Exception {
    speak(TlsIdentity.pem(certificate(file), key(file), NOW), store(file));
    speak(TlsIdentity.keyStore(folder.resolve(file), PASSWORD.toCharArray(), NOW), store(file));
  }

  private static void speak(TlsIdentity identity, KeyStore trusted) throws Exception {
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    KeyStore certificates = KeyStore.getInstance("PKCS12");
    certificates.load(null, null);
    certificates.setCertificateEntry("server", trusted.getCertificate("server"));
    trust.init(certificates);
    SSLContext client = SSLContext.getInstance("TLS");
    client.init(null, trust.getTrustManagers(), null);
    try (SSLServerSocket server =
        (SSLServerSocket) identity.context().getServerSocketFactory().createServerSocket(0)) {
      CompletableFuture<Void> served =
          CompletableFuture.runAsync(() -> {
            try (SSLSocket socket = (SSLSocket) server.accept()) {
              socket.getOutputStream().write(42);
            } catch (IOException e) {
              throw new IllegalStateException(e);
            }
          });
      try (SSLSocket socket =
          (SSLSocket) client.getSocketFactory().createSocket("localhost", server.getLocalPort())) {
        assertThat(socket.getInputStream().read()).isEqualTo(42);
      }
      served.get(10, TimeUnit.SECONDS);
    }
  }

  @Test
  void filesThatDoNotFitAreRefusedWithWhatToDo() throws Exception {
    Path rsa = certificate("rsa.p12");
    Path ec = key("ec.p12");

    assertThatThrownBy(() -> TlsIdentity.pem(rsa, ec, NOW))
        .isInstanceOf(TlsException.class)
        .hasMessageContaining("is not that of the first certificate");
    assertThatThrownBy(() -> TlsIdentity.pem(ec, ec, NOW)).isInstanceOf(TlsException.class);
    assertThatThrownBy(() -> TlsIdentity.pem(rsa, rsa, NOW))
        .hasMessageContaining("BEGIN PRIVATE KEY");
    Path old = pem("old.key", "EC PRIVATE KEY", new byte[] {1});
    assertThatThrownBy(() -> TlsIdentity.pem(rsa, old, NOW))
        .hasMessageContaining("openssl pkcs8 -topk8 -nocrypt");
    Path broken = pem("broken.key", "PRIVATE KEY", new byte[] {1, 2});
    assertThatThrownBy(() -> TlsIdentity.pem(rsa, broken, NOW)).hasMessageContaining("damaged");
    assertThatThrownBy(() ->
            TlsIdentity.pem(
                rsa, key("rsa.p12"), InstantSource.fixed(Instant.now().plusSeconds(3 * 24 * 3600))))
        .hasMessageContaining("renew it");
    assertThatThrownBy(
            () -> TlsIdentity.keyStore(folder.resolve("rsa.p12"), "wrong!".toCharArray(), NOW))
        .hasMessageContaining("QWEN_MCP_TLS_PASSWORD");
  }

  @Test
  void theKeyIsNotInWhatIsLogged() throws Exception {
    TlsIdentity identity = TlsIdentity.pem(certificate("rsa.p12"), key("rsa.p12"), NOW);

    assertThat(identity).hasToString("TlsIdentity[CN=localhost]");
  }
}
