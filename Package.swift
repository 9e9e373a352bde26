// swift-tools-version: 6.2

import PackageDescription

/// The settings that every Swift target shares.
let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
  .treatAllWarnings(as: .error),
]

let yams = Target.Dependency.product(name: "Yams", package: "Yams")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let protobuf = Target.Dependency.product(name: "SwiftProtobuf", package: "swift-protobuf")
let hummingbird: [Target.Dependency] = [
  .product(name: "Hummingbird", package: "hummingbird"),
  .product(name: "HTTPTypes", package: "swift-http-types"),
  .product(name: "Logging", package: "swift-log"),
  .product(name: "NIOCore", package: "swift-nio"),
]
let arguments = Target.Dependency.product(
  name: "ArgumentParser", package: "swift-argument-parser")

func library(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

func tests(
  _ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []
) -> Target {
  .testTarget(
    name: name, dependencies: dependencies, exclude: exclude, swiftSettings: settings)
}

let package = Package(
  name: "assay",
  products: [
    .library(name: "Assay", targets: ["Assay"]),
    .executable(name: "assay", targets: ["assay"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0"),
    .package(
      url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
    .package(url: "https://github.com/apple/swift-http-types.git", from: "1.8.0", traits: []),
    .package(url: "https://github.com/apple/swift-log.git", from: "1.14.0"),
    .package(url: "https://github.com/apple/swift-nio.git", from: "2.101.0"),
  ],
  targets: [
    .systemLibrary(name: "CDNNL"),
    .systemLibrary(name: "CBLAS"),
    .systemLibrary(name: "CPNG"),
    .systemLibrary(name: "CZlib"),
    .target(name: "CKernels"),
    .target(
      name: "TestSupport", dependencies: ["Tensors", "Programs", "Execution"],
      path: "Tests/Support", swiftSettings: settings),

    library("Tensors", ["CZlib", "CKernels"]),
    tests("TensorsTests", ["Tensors"]),

    library("Images", ["CPNG", "CZlib"]),
    tests("ImagesTests", ["Images"]),

    library("ConfigurationFiles", [yams]),

    library("Statistics", ["Tensors"]),
    tests("StatisticsTests", ["Statistics", "Tensors"]),

    library("Programs", ["Tensors"]),
    tests("ProgramsTests", ["Tensors", "Programs", "Execution", "TestSupport"]),

    library("Execution", ["Tensors", "Programs"]),
    tests(
      "ExecutionTests", ["Tensors", "Programs", "Execution", "TestSupport"],
      exclude: ["Fixtures"]),

    library(
      "NativeBackend", ["CDNNL", "CBLAS", "CKernels", "Tensors", "Programs", "Execution"]),
    tests(
      "NativeBackendTests",
      ["Tensors", "Programs", "Execution", "NativeBackend", "CKernels", "TestSupport"]),

    .target(
      name: "Interchange",
      dependencies: ["Tensors", "Programs", "Execution", protobuf],
      exclude: [
        "Caffe/Messages/caffe.proto", "ONNX/Messages/onnx.proto",
        "TensorFlow/Messages/tensorflow.proto",
      ], swiftSettings: settings),
    .testTarget(
      name: "InterchangeTests",
      dependencies: [
        "Interchange", "Tensors", "Programs", "Execution", "NativeBackend", "Models", "TestSupport",
        protobuf,
      ],
      exclude: [
        "Conformance/opset17.txt", "Conformance/newest.txt", "Conformance/networks.txt",
        "Conformance/pretrained.txt",
      ], swiftSettings: settings),

    library(
      "Models", ["Tensors", "ConfigurationFiles", "Programs", "Execution", "Interchange"]),
    tests(
      "ModelsTests",
      ["Models", "Tensors", "ConfigurationFiles", "Programs", "Execution", "Interchange"]),

    library("Datasets", ["ConfigurationFiles", "Images", "Tensors"]),
    tests("DatasetsTests", ["Datasets", "ConfigurationFiles", "Tensors"]),

    library("Attacks", ["ConfigurationFiles", "Tensors", "Programs", "Execution", "Models"]),
    .target(
      name: "AttackSuites", dependencies: ["Attacks", "ConfigurationFiles"], path: "attacks",
      resources: [
        .embedInCode("quick.yaml"), .embedInCode("standard.yaml"), .embedInCode("tabular.yaml"),
      ], swiftSettings: settings),
    tests(
      "AttacksTests",
      [
        "Attacks", "AttackSuites", "ConfigurationFiles", "Tensors", "Programs", "Execution",
        "Models",
      ]),

    library("Explanations", ["ConfigurationFiles", "Tensors", "Programs", "Execution", "Models"]),
    tests(
      "ExplanationsTests",
      ["Explanations", "Tensors", "Programs", "Execution", "Models"]),

    library(
      "Assessments",
      ["Tensors", "Statistics", "Programs", "Execution", "Models", "Explanations"]),
    tests(
      "AssessmentsTests",
      [
        "Assessments", "Tensors", "Statistics", "Programs", "Execution", "NativeBackend", "Models",
        "Explanations",
      ]),

    library(
      "Benchmarks",
      [
        "Tensors", "Programs", "Execution", "NativeBackend", "Models", "Attacks", "Explanations",
      ]),
    tests(
      "BenchmarksTests",
      [
        "Benchmarks", "Tensors", "Programs", "Execution", "NativeBackend", "Models",
        "Explanations",
      ]),

    library(
      "Audits",
      [
        "ConfigurationFiles", "Tensors", "Statistics", "Programs", "Execution", "Models", "Attacks",
        "Explanations", "Assessments",
      ]),
    tests(
      "AuditsTests",
      [
        "Audits", "Assessments", "Statistics", "Ledger", "AttackSuites", "ConfigurationFiles",
        "Tensors",
        "Programs", "Execution", "NativeBackend", "Models", "Attacks", "Explanations",
      ]),

    library(
      "Checks",
      [
        "ConfigurationFiles", "Tensors", "Statistics", "Models", "Explanations", "Audits",
      ]),
    tests(
      "ChecksTests",
      [
        "Checks", "Statistics", "ConfigurationFiles", "Tensors", "Models", "Explanations",
        "Attacks",
        "Audits",
        "NativeBackend",
      ]),

    library(
      "Attestations",
      [
        "ConfigurationFiles", "Tensors", "Models", "Attacks", "Statistics", "Assessments", "Audits",
        crypto,
      ]),
    tests(
      "AttestationsTests",
      [
        "Attestations", "ConfigurationFiles", "Tensors", "Statistics", "Models", "Attacks",
        "Assessments", "Audits", crypto,
      ]),

    library(
      "Ledger", ["Assessments", "Attestations", "Audits", "Models", "Tensors", grdb, crypto]),
    tests(
      "LedgerTests",
      [
        "Ledger", "Attestations", "Statistics", "Assessments", "Audits", "Models", "Tensors", grdb,
        crypto,
      ]),

    .target(
      name: "ReportTemplates", path: "reports", exclude: ["schema"],
      resources: [
        .embedInCode("page.html"), .embedInCode("serve.html"), .embedInCode("serve.css"),
        .embedInCode("style.css"), .embedInCode("print.css"), .embedInCode("drawing.css"),
        .embedInCode("words/en.json"),
        .embedInCode("words/de.json"),
        .embedInCode("pipelines/assay.yaml"), .embedInCode("pipelines/github.yml"),
        .embedInCode("pipelines/gitlab.yml"),
        .embedInCode("profiles/eu-ai-act.json"), .embedInCode("profiles/sr-26-2.json"),
        .embedInCode("profiles/reg-b.json"), .embedInCode("profiles/nist-ai-rmf.json"),
        .embedInCode("profiles/fda.json"), .embedInCode("profiles/iso-24029.json"),
        .embedInCode("profiles/iso-42001.json"),
      ],
      swiftSettings: settings),
    library(
      "Reports",
      [
        "ConfigurationFiles", "Statistics", "Assessments", "Audits", "Attestations", "Checks",
        "Models",
        "Tensors", "Images", "ReportTemplates", crypto,
      ]),
    tests(
      "ReportsTests",
      [
        "Reports", "ReportTemplates", "ConfigurationFiles", "Statistics", "Assessments", "Audits",
        "Attestations", "Checks", "Images", "Models", "Tensors",
      ]),

    library(
      "Serving",
      ["Tensors", "Models", "Audits", "Checks", "Ledger", "Reports", "ReportTemplates"]
        + hummingbird),
    tests(
      "ServingTests",
      ["Serving", "Tensors", "Models", "Audits", "Ledger", "Reports", "ReportTemplates"]),

    tests("ArchitectureTests", []),
    library(
      "Assay",
      [
        "Tensors", "Programs", "Execution", "NativeBackend", "Interchange", "ConfigurationFiles",
        "Models", "Datasets", "Attacks", "AttackSuites", "Explanations", "Statistics",
        "Assessments", "Audits", "Attestations", "Checks", "Ledger", "Reports", crypto,
      ]),
    tests("AssayTests", ["Assay"]),
    .executableTarget(
      name: "assay",
      dependencies: [
        "Tensors", "Statistics", "Programs", "Execution", "NativeBackend", "Models", "Datasets",
        "Attacks", "Explanations", "Assessments", "Audits", "Attestations", "Checks", "Ledger",
        "Reports",
        "ReportTemplates", "Serving",
        "AttackSuites", "ConfigurationFiles", "Interchange", "Benchmarks", arguments, crypto,
      ],
      swiftSettings: settings),
    tests("CommandTests", ["assay", "Models", "Tensors"]),
  ],
  swiftLanguageModes: [.v6]
)

// A fuzzer brings its own main function, so that these link under `scripts/fuzz` alone.
if Context.environment["ASSAY_FUZZ"] != nil {
  package.targets += [
    .target(
      name: "FuzzSupport", dependencies: ["Tensors", "Programs", "Execution"],
      path: "fuzz/Targets/Shared", swiftSettings: settings),
    .executableTarget(
      name: "fuzz-onnx", dependencies: ["FuzzSupport", "Interchange", "Tensors", "Programs"],
      path: "fuzz/Targets/ONNX", swiftSettings: settings),
    .executableTarget(
      name: "fuzz-safetensors",
      dependencies: ["FuzzSupport", "Interchange", "Models", "Programs", "Tensors"],
      path: "fuzz/Targets/Safetensors", swiftSettings: settings),
  ]
}
