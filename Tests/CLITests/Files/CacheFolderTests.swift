import Testing

@testable import CLI

@Suite("Cache folder")
struct CacheFolderTests {
  @Test(arguments: [
    (["THIMBLE_CACHE": "/t", "XDG_CACHE_HOME": "/x", "HOME": "/h"], "/t"),
    (["THIMBLE_CACHE": "", "XDG_CACHE_HOME": "/x", "HOME": "/h"], "/x/thimble"),
    (["XDG_CACHE_HOME": "relative", "HOME": "/h"], "/h/.cache/thimble"),
    (["XDG_CACHE_HOME": "", "HOME": "/h"], "/h/.cache/thimble"),
  ])
  func `the environment decides`(environment: [String: String], path: String) {
    #expect(CacheFolder(environment: environment).path == path)
  }

  @Test func `names lie in it`() {
    #expect(CacheFolder(path: "/c").path(of: "mnist/f") == "/c/mnist/f")
  }
}
