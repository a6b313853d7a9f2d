package dev.qwenmcp.server.transport.http.security;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Certificates and private keys as text (RFC 7468). */
final class PemFiles {
  private static final Pattern BLOCK =
      Pattern.compile(
          "-----BEGIN ([A-Z0-9 ]*PRIVATE KEY)-----(.*?)-----END \\1-----", Pattern.DOTALL);
  private static final List<String> ALGORITHMS = List.of("RSA", "EC", "EdDSA");

  private PemFiles() {}

  /**
   * The certificates of a file, in its order.
   *
   * @throws TlsException if it holds none
   */
  static List<X509Certificate> certificates(Path file) throws IOException {
    byte[] text = Files.readAllBytes(file);
    try {
      List<X509Certificate> all =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(text))
              .stream()
              .map(X509Certificate.class::cast)
              .toList();
      if (all.isEmpty()) {
        throw new TlsException(
            file + " holds no certificate; expected -----BEGIN CERTIFICATE-----");
      }
      return all;
    } catch (CertificateException e) {
      throw new TlsException(
          "%s holds something that is no certificate: %s".formatted(file, e.getMessage()), e);
    }
  }

  /**
   * The private key of a file.
   *
   * @throws TlsException if it holds none, or one in another form than PKCS #8
   */
  static PrivateKey privateKey(Path file) throws IOException {
    Matcher block = BLOCK.matcher(Files.readString(file, StandardCharsets.ISO_8859_1));
    if (!block.find()) {
      throw new TlsException(file + " holds no key; expected -----BEGIN PRIVATE KEY-----");
    }
    if (!block.group(1).equals("PRIVATE KEY")) {
      throw new TlsException(
          "the key in %s is a %s; make it a plain one with openssl pkcs8 -topk8 -nocrypt -in %s"
              .formatted(file, block.group(1), file));
    }
    PKCS8EncodedKeySpec key;
    try {
      key = new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(block.group(2)));
    } catch (IllegalArgumentException e) {
      throw new TlsException("the key in " + file + " is damaged: " + e.getMessage(), e);
    }
    for (String algorithm : ALGORITHMS) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(key);
      } catch (GeneralSecurityException e) {
        // Of another kind.
      }
    }
    throw new TlsException(
        "the key in %s is damaged or of a kind that is none of %s"
            .formatted(file, String.join(", ", ALGORITHMS)));
  }
}
