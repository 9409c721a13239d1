import Foundation
import Synchronization

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// Receives one file over HTTP into memory, with a progress bar.
final class Transfer: NSObject, URLSessionDataDelegate {
  /// The most bytes that are received; MNIST's biggest file is a tenth of it.
  private static let byteLimit = 100_000_000

  private struct State {
    var bytes = Data()
    var failure: Failure?
    var bar: ProgressBar?
    var whenDone: CheckedContinuation<Data, any Error>?
  }

  private let name: String
  private let state = Mutex(State())

  /// A transfer that calls itself `name` on the progress bar.
  init(name: String) { self.name = name }

  /// The bytes at `url`.
  /// - Throws: `Failure`: no connection, another status than 200, cut short, too much.
  func bytes(at url: URL, patience: Double) async throws(Failure) -> Data {
    let configuration = URLSessionConfiguration.ephemeral
    configuration.timeoutIntervalForRequest = patience
    let session = URLSession(configuration: configuration, delegate: self, delegateQueue: nil)
    defer { session.finishTasksAndInvalidate() }
    do {
      return try await withCheckedThrowingContinuation { continuation in
        state.withLock { $0.whenDone = continuation }
        session.dataTask(with: url).resume()
      }
    } catch {
      throw error as? Failure ?? Failure(error.localizedDescription)
    }
  }

  func urlSession(
    _ session: URLSession, dataTask: URLSessionDataTask, didReceive response: URLResponse,
    completionHandler: @escaping (URLSession.ResponseDisposition) -> Void
  ) {
    let isWanted = state.withLock { state in
      if let status = (response as? HTTPURLResponse)?.statusCode, status != 200 {
        state.failure = Failure("the server answered \(status)")
        return false
      }
      state.bar = ProgressBar(name, total: Int(response.expectedContentLength), unit: "bytes")
      return true
    }
    completionHandler(isWanted ? .allow : .cancel)
  }

  func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
    let isTooMuch = state.withLock { state in
      guard state.failure == nil else { return false }
      if state.bytes.count + data.count > Self.byteLimit {
        state.failure = Failure("more than \(Self.byteLimit) bytes")
        return true
      }
      state.bytes.append(data)
      state.bar?.update(state.bytes.count)
      return false
    }
    if isTooMuch { dataTask.cancel() }
  }

  func urlSession(
    _ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?
  ) {
    state.withLock { state in
      state.bar?.clear()
      let failure = state.failure ?? error.map { Failure($0.localizedDescription) }
      if let failure {
        state.whenDone?.resume(throwing: failure)
      } else {
        state.whenDone?.resume(returning: state.bytes)
      }
      state.whenDone = nil
    }
  }
}
