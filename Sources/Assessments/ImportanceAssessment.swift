public struct ImportanceAssessment: Codable, Hashable, Sendable {}
