namespace SpectralInit.Evidence;

/// <summary>How one initializer did. Scores are percent: accuracy, or R²; or losses, where those are the criterion.</summary>
/// <param name="Name">The initializer.</param>
/// <param name="LearningRate">Chosen on validation rows.</param>
/// <param name="Start">Mean score before training.</param>
/// <param name="Final">Mean score after the last epoch.</param>
/// <param name="FinalError">Its standard error over the repetitions.</param>
/// <param name="Gain">Mean paired difference of the final score to the reference; positive is better, for losses too.</param>
/// <param name="GainError">Its standard error.</param>
/// <param name="EpochsToReference">First epoch whose mean score is as good as the reference's best mean score; null when never.</param>
/// <param name="InitializationSeconds">Mean wall time of the initialization, fits included.</param>
/// <param name="TrainingSeconds">Mean wall time of all updates of a run.</param>
/// <param name="Mean">Mean score before training and after every epoch.</param>
/// <param name="Error">Its standard errors.</param>
/// <param name="FinalScores">Final score of every repetition.</param>
/// <param name="RateScores">Mean validation score at every learning rate of the grid; empty when there was no choice.</param>
internal sealed record CandidateResult(
    string Name, double LearningRate, double Start, double Final, double FinalError, double Gain, double GainError, int? EpochsToReference,
    double InitializationSeconds, double TrainingSeconds, double[] Mean, double[] Error, double[] FinalScores, double[] RateScores);
