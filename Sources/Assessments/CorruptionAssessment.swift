public struct CorruptionAssessment: Codable, Hashable, Sendable {}
