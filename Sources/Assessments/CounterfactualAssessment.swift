public struct CounterfactualAssessment: Codable, Hashable, Sendable {}
