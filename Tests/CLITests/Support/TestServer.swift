import Foundation

/// A web server on this machine that serves a folder, on a free port, until its standard input closes: when the value
/// or the test process is gone. What lies in `cut/` is sent by half only.
final class TestServer {
  /// Such as `http://127.0.0.1:40123/`.
  let address: String
  private let process = Process()
  private let input = Pipe()

  private static let script = """
    import http.server, os, select, sys, threading
    class Handler(http.server.SimpleHTTPRequestHandler):
        def copyfile(self, source, outputfile):
            content = source.read()
            half = self.path.startswith("/cut/")
            outputfile.write(content[:len(content) // 2] if half else content)
        def log_message(self, *arguments):
            pass
    os.chdir(sys.argv[1])
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(server.server_port, flush=True)
    parent = os.getppid()
    while os.getppid() == parent and not select.select([sys.stdin], [], [], 0.5)[0]:
        pass
    """

  init(serving folder: String) throws {
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", "-c", Self.script, folder]
    _ = fcntl(input.fileHandleForWriting.fileDescriptor, F_SETFD, FD_CLOEXEC)
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    var port = ""
    while let byte = try output.fileHandleForReading.read(upToCount: 1), byte != Data([10]) {
      port += String(decoding: byte, as: UTF8.self)
    }
    address = "http://127.0.0.1:\(port)/"
  }

  deinit { try? input.fileHandleForWriting.close() }
}
