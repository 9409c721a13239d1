// swift-tools-version: 6.2
// Thimble: train, quantize, pack and run tiny neural networks.
// Build with `--build-system native`; the Makefile does, and adds `-Xcc -march=native` for the user's own machine.
import PackageDescription

/// What every module of ours is compiled with.
let strict: [SwiftSetting] = [
  .treatAllWarnings(as: .error)
]

/// The runtime also promises memory safety (each unsafe line is marked) and refuses, in the host build
/// already, what Embedded Swift cannot express.
let embeddable: [SwiftSetting] = [
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
  .treatWarning("EmbeddedRestrictions", as: .error),
]

let package = Package(
  name: "Thimble",
  products: [
    .library(name: "Network", targets: ["Network"]),
    .library(name: "Train", targets: ["Train"]),
    .library(name: "Export", targets: ["Export"]),
    .library(name: "TinyRuntime", targets: ["TinyRuntime"]),
    .library(name: "Search", targets: ["Search"]),
    .executable(name: "thimble", targets: ["CLI"]),
  ],
  traits: [
    .trait(name: "MPI", description: "Training on several machines, with an MPI library.")
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
  ],
  targets: [
    // The float network as data.
    .target(name: "Network", swiftSettings: strict),
    // Pictures -> checkpoint. Its header-only C module says whether the CPU has fused multiply-add.
    .target(name: "CTrain"),
    .target(name: "Train", dependencies: ["Network", "CTrain"], swiftSettings: strict),
    // Checkpoint -> model file.
    .target(
      name: "Export", dependencies: ["Network", "TinyRuntime", "CZlib"], swiftSettings: strict),
    // Model file + picture -> label. Imports nothing but its own header-only C module.
    .target(name: "CTinyRuntime"),
    .target(name: "TinyRuntime", dependencies: ["CTinyRuntime"], swiftSettings: embeddable),
    // Which networks to try, and which to go on with.
    .target(name: "Search", dependencies: ["Network", "Train"], swiftSettings: strict),
    // The tool.
    .executableTarget(
      name: "CLI",
      dependencies: [
        "Network", "Train", "Export", "Search", "TinyRuntime", "CZlib", "CPNG", "CJPEG",
        .target(name: "CMPI", condition: .when(traits: ["MPI"])),
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "GRDB", package: "GRDB.swift"),
        .product(name: "Mustache", package: "swift-mustache"),
      ],
      resources: [
        .embedInCode("Report/Templates/report.mustache"),
        .embedInCode("Report/Templates/chart.mustache"),
        .embedInCode("Report/Templates/style.css"),
      ], swiftSettings: strict),
    // C libraries of the system.
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CPNG", pkgConfig: "libpng", providers: [.apt(["libpng-dev"])]),
    .systemLibrary(
      name: "CJPEG", pkgConfig: "libturbojpeg", providers: [.apt(["libturbojpeg0-dev"])]),
    .systemLibrary(name: "CMPI", pkgConfig: "ompi-c", providers: [.apt(["libopenmpi-dev"])]),
    .testTarget(name: "NetworkTests", dependencies: ["Network"]),
    .testTarget(name: "TrainTests", dependencies: ["Train"]),
    .testTarget(name: "TinyRuntimeTests", dependencies: ["TinyRuntime", "CZlib", "Train"]),
    .testTarget(
      name: "ExportTests",
      dependencies: [
        "Export", "Train", "Network", "TinyRuntime", "CTinyRuntime",
      ],
      resources: [.copy("Golden")]),
    .testTarget(name: "SearchTests", dependencies: ["Search", "Train", "Network"]),
    .testTarget(
      name: "CLITests",
      dependencies: [
        "CLI", "Export", "Network", "Search", "TinyRuntime", "Train", "CZlib", "CJPEG",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "GRDB", package: "GRDB.swift"),
      ]),
  ]
)
