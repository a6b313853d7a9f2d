package dev.qwenmcp.server.transport.http.security;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.Collections;
import java.util.Date;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * The certificate by which a server shows who it is, and its private key.
 *
 * @param key belongs to the first certificate
 * @param chain the server's certificate, then those that vouch for it
 */
public record TlsIdentity(PrivateKey key, List<X509Certificate> chain) {
  private static final String ALIAS = "server";

  public TlsIdentity {
    chain = List.copyOf(chain);
  }

  /**
   * From two files of PEM.
   *
   * @throws TlsException if they hold no certificate, no key, an encrypted one or another's, or the
   *     certificate is not valid now
   * @throws IOException if a file cannot be read
   */
  public static TlsIdentity pem(Path certificates, Path key, InstantSource clock)
      throws IOException {
    TlsIdentity identity =
        new TlsIdentity(PemFiles.privateKey(key), PemFiles.certificates(certificates));
    identity.requireUsable(certificates, key, clock);
    return identity;
  }

  /**
   * From a key store of PKCS #12 or JKS.
   *
   * @param password of the store and of the key in it
   * @throws TlsException if there is not exactly one key in it, the password is wrong, or the
   *     certificate is not valid now
   * @throws IOException if the file cannot be read
   */
  public static TlsIdentity keyStore(Path file, char[] password, InstantSource clock)
      throws IOException {
    try {
      KeyStore store = KeyStore.getInstance(file.toFile(), password);
      List<String> keys =
          Collections.list(store.aliases()).stream().filter(alias -> isKey(store, alias)).toList();
      if (keys.size() != 1) {
        throw new TlsException(
            "%s holds %d private keys; expected one, with its certificates"
                .formatted(file, keys.size()));
      }
      Key key = store.getKey(keys.getFirst(), password);
      Certificate[] chain = store.getCertificateChain(keys.getFirst());
      TlsIdentity identity =
          new TlsIdentity(
              (PrivateKey) key, List.of(chain).stream().map(X509Certificate.class::cast).toList());
      identity.requireUsable(file, file, clock);
      return identity;
    } catch (GeneralSecurityException e) {
      throw new TlsException("%s is no key store: %s".formatted(file, e.getMessage()), e);
    } catch (TlsException e) {
      throw e;
    } catch (IOException e) {
      if (e.getCause() instanceof GeneralSecurityException) {
        throw new TlsException(
            "the password does not open %s; set QWEN_MCP_TLS_PASSWORD to the right one"
                .formatted(file),
            e);
      }
      throw e;
    }
  }

  private static boolean isKey(KeyStore store, String alias) {
    try {
      return store.entryInstanceOf(alias, KeyStore.PrivateKeyEntry.class);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the store was opened", e);
    }
  }

  private void requireUsable(Path certificates, Path keyFile, InstantSource clock)
      throws TlsException {
    X509Certificate own = chain.getFirst();
    try {
      own.checkValidity(Date.from(clock.instant()));
    } catch (CertificateExpiredException | CertificateNotYetValidException e) {
      throw new TlsException(
          "the certificate in %s is valid from %s to %s, which is not now; renew it"
              .formatted(
                  certificates, own.getNotBefore().toInstant(), own.getNotAfter().toInstant()),
          e);
    }
    if (!fits(own.getPublicKey())) {
      throw new TlsException(
          "the key in %s is not that of the first certificate in %s; give the two that were made"
                  .formatted(keyFile, certificates)
              + " together, the server's certificate first");
    }
  }

  /** Whether what one signs the other verifies. */
  private boolean fits(PublicKey other) {
    String algorithm =
        switch (key.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> key.getAlgorithm();
        };
    try {
      byte[] sample = {1, 2, 3};
      Signature signer = Signature.getInstance(algorithm);
      signer.initSign(key);
      signer.update(sample);
      byte[] signature = signer.sign();
      signer.initVerify(other);
      signer.update(sample);
      return signer.verify(signature);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  /** What connections are made with: TLS 1.2 and 1.3 as the JDK offers them. */
  public SSLContext context() {
    try {
      char[] none = new char[0];
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, none);
      store.setKeyEntry(ALIAS, key, none, chain.toArray(new Certificate[0]));
      KeyManagerFactory keys =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(store, none);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys.getKeyManagers(), null, null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("a key that was checked cannot be used", e);
    }
  }

  /** Without the key. */
  @Override
  public String toString() {
    return "TlsIdentity[" + chain.getFirst().getSubjectX500Principal() + "]";
  }
}
