// A client and a server by Go's crypto/tls, driven by peers/go.py.
package main

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"strconv"
	"strings"
	"time"
)

var (
	port     = flag.Int("port", 0, "of the server to connect to")
	ca       = flag.String("ca", "", "trusted roots")
	cert     = flag.String("cert", "", "own chain")
	key      = flag.String("key", "", "its key")
	groups   = flag.String("groups", "", "numbers, separated by commas")
	alpn     = flag.String("alpn", "", "protocol")
	auth     = flag.String("auth", "none", "client certificates: none, optional, required")
	path     = flag.String("path", "", "client: what to GET; else standard input is sent")
	echo     = flag.Bool("echo", false, "server: echo, do not answer requests")
	old      = flag.Bool("old", false, "TLS 1.2 only")
	suite    = flag.Uint("suite", 0, "the only cipher suite of TLS 1.2")
	again    = flag.Bool("again", false, "client: come back once with the session")
	small    = flag.Bool("small", false, "server: write in many small pieces")
	deadline = 20 * time.Second
)

func fail(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func config() *tls.Config {
	c := &tls.Config{MinVersion: tls.VersionTLS13, ServerName: "localhost"}
	if *old {
		c.MinVersion, c.MaxVersion = tls.VersionTLS12, tls.VersionTLS12
	}
	if *suite != 0 {
		c.CipherSuites = []uint16{uint16(*suite)}
	}
	if *ca != "" {
		pem, err := os.ReadFile(*ca)
		fail(err)
		c.RootCAs = x509.NewCertPool()
		c.RootCAs.AppendCertsFromPEM(pem)
		c.ClientCAs = c.RootCAs
	}
	if *cert != "" {
		pair, err := tls.LoadX509KeyPair(*cert, *key)
		fail(err)
		c.Certificates = []tls.Certificate{pair}
		// Shown whatever authorities the server names.
		c.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return &pair, nil }
	}
	for _, word := range strings.Split(*groups, ",") {
		number, err := strconv.ParseUint(word, 0, 16)
		fail(err)
		c.CurvePreferences = append(c.CurvePreferences, tls.CurveID(number))
	}
	if *alpn != "" {
		c.NextProtos = []string{*alpn}
	}
	switch *auth {
	case "optional":
		c.ClientAuth = tls.VerifyClientCertIfGiven
	case "required":
		c.ClientAuth = tls.RequireAndVerifyClientCert
	}
	return c
}

func client() {
	c := config()
	if *again {
		c.ClientSessionCache = tls.NewLRUClientSessionCache(1)
		visit(c)
	}
	visit(c)
}

func visit(c *tls.Config) {
	conn, err := tls.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", *port), c)
	fail(err)
	conn.SetDeadline(time.Now().Add(deadline))
	done := make(chan error)
	go func() {
		_, err := io.Copy(os.Stdout, conn)
		done <- err
	}()
	if *path != "" {
		_, err = fmt.Fprintf(conn, "GET %s HTTP/1.0\r\nHost: localhost\r\n\r\n", *path)
		fail(err)
	} else {
		_, err = io.Copy(conn, os.Stdin)
		fail(err)
		fail(conn.CloseWrite())
	}
	fail(<-done)
	fail(conn.Close())
}

func answer(conn *tls.Conn) error {
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(deadline))
	if err := conn.Handshake(); err != nil {
		return err
	}
	if *echo {
		_, err := io.Copy(conn, conn)
		return err
	}
	reader := bufio.NewReader(conn)
	for {
		line, err := reader.ReadString('\n')
		if err != nil {
			return err
		}
		if strings.TrimSpace(line) == "" {
			break
		}
	}
	text := "HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\nhello from Go\n"
	if !*small {
		_, err := io.WriteString(conn, text)
		return err
	}
	for _, letter := range []byte(text) {
		if _, err := conn.Write([]byte{letter}); err != nil {
			return err
		}
	}
	return nil
}

func server() {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	fail(err)
	c := config()
	fmt.Println("port", listener.Addr().(*net.TCPAddr).Port)
	for {
		conn, err := listener.Accept()
		fail(err)
		go func() {
			if err := answer(tls.Server(conn, c)); err != nil {
				fmt.Println("failed:", err)
			}
		}()
	}
}

func main() {
	flag.CommandLine.Parse(os.Args[2:])
	if os.Args[1] == "client" {
		client()
	} else {
		server()
	}
}
