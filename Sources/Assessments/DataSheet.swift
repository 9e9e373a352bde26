public struct DataSheet: Codable, Hashable, Sendable {}
