namespace SpectralInit.Evidence;

/// <summary>How a network is trained, apart from its first weights and its learning rate.</summary>
internal sealed record TrainingPlan(int Epochs, OptimizerKind Optimizer = OptimizerKind.Sgd, int BatchSize = 32);
