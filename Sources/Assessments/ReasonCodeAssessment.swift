public struct ReasonCodeAssessment: Codable, Hashable, Sendable {}
