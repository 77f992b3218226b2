// A client and a server by Java's JSSE, driven by peers/java.py. Options: name=value.
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

public class Peer {
  private static final Map<String, String> OPTIONS = new ConcurrentHashMap<>();
  private static final int PATIENCE = 20_000;

  private static String option(String name) {
    return OPTIONS.getOrDefault(name, "");
  }

  private static boolean has(String name) {
    return !option(name).isEmpty();
  }

  private static SSLContext context() throws Exception {
    KeyStore roots = KeyStore.getInstance(KeyStore.getDefaultType());
    roots.load(null, null);
    try (InputStream file = new FileInputStream(option("ca"))) {
      int number = 0;
      for (Certificate root : CertificateFactory.getInstance("X.509").generateCertificates(file)) {
        roots.setCertificateEntry("root" + number++, root);
      }
    }
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(roots);
    KeyManagerFactory keys = null;
    if (has("bundle")) {
      KeyStore own = KeyStore.getInstance("PKCS12");
      try (InputStream file = new FileInputStream(option("bundle"))) {
        own.load(file, "password".toCharArray());
      }
      keys = KeyManagerFactory.getInstance("PKIX");
      keys.init(own, "password".toCharArray());
    }
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys == null ? null : keys.getKeyManagers(), trust.getTrustManagers(), null);
    return context;
  }

  private static void set(SSLParameters parameters) {
    parameters.setProtocols(new String[] {has("old") ? "TLSv1.2" : "TLSv1.3"});
    if (!has("old") || option("suite").contains("_WITH_")) {
      parameters.setCipherSuites(new String[] {option("suite")});
    }
    if (has("alpn")) {
      parameters.setApplicationProtocols(new String[] {option("alpn")});
    }
  }

  private static void client() throws Exception {
    SSLContext context = context();
    visit(context);
    if (has("again")) {
      visit(context);
    }
  }

  private static void visit(SSLContext context) throws Exception {
    Socket plain = new Socket(InetAddress.getByName("127.0.0.1"), Integer.parseInt(option("port")));
    SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(plain, "localhost", plain.getPort(), true);
    SSLParameters parameters = socket.getSSLParameters();
    set(parameters);
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    socket.setSSLParameters(parameters);
    socket.setSoTimeout(PATIENCE);
    socket.startHandshake();
    OutputStream out = socket.getOutputStream();
    if (has("path")) {
      out.write(("GET " + option("path") + " HTTP/1.0\r\nHost: localhost\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
      out.flush();
    } else {
      new Thread(() -> {
        try {
          System.in.transferTo(out);
          out.flush();
          socket.shutdownOutput();
        } catch (IOException error) {
          System.err.println(error);
        }
      }).start();
    }
    socket.getInputStream().transferTo(System.out);
    System.out.flush();
    socket.close();
  }

  private static void answer(SSLSocket socket) {
    try (socket) {
      socket.setSoTimeout(PATIENCE);
      socket.startHandshake();
      InputStream in = socket.getInputStream();
      OutputStream out = socket.getOutputStream();
      if (has("echo")) {
        in.transferTo(out);
        return;
      }
      if (in.read(new byte[4096]) > 0) {
        out.write("HTTP/1.0 200 OK\r\n\r\nhello from Java\n".getBytes(StandardCharsets.US_ASCII));
        out.flush();
      }
    } catch (IOException error) {
      System.out.println("failed: " + error);
    }
  }

  private static void server() throws Exception {
    SSLServerSocket listener = (SSLServerSocket) context().getServerSocketFactory().createServerSocket(
        0, 5, InetAddress.getByName("127.0.0.1"));
    SSLParameters parameters = listener.getSSLParameters();
    set(parameters);
    if (option("auth").equals("required")) {
      parameters.setNeedClientAuth(true);
    } else if (option("auth").equals("optional")) {
      parameters.setWantClientAuth(true);
    }
    listener.setSSLParameters(parameters);
    System.out.println("port " + listener.getLocalPort());
    OPTIONS.put("port", Integer.toString(listener.getLocalPort()));
    for (;;) {
      SSLSocket socket = (SSLSocket) listener.accept();
      new Thread(() -> answer(socket)).start();
    }
  }

  // A handshake with itself, so that its classes are loaded.
  private static void rehearse() throws Exception {
    OPTIONS.put("suite", "TLS_AES_128_GCM_SHA256");
    OPTIONS.put("path", "/");
    Thread server = new Thread(() -> {
      try {
        server();
      } catch (Exception error) {
        System.out.println(error);
      }
    });
    server.setDaemon(true);
    server.start();
    while (!has("port")) {
      Thread.sleep(10);
    }
    client();
  }

  public static void main(String[] words) throws Exception {
    for (String word : words) {
      String[] parts = word.split("=", 2);
      OPTIONS.put(parts[0], parts[1]);
    }
    if (option("role").equals("rehearse")) {
      rehearse();
      return;
    }
    System.setProperty("jdk.tls.namedGroups", option("groups"));
    if (option("role").equals("client")) {
      client();
    } else {
      server();
    }
  }
}
