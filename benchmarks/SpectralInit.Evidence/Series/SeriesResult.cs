namespace SpectralInit.Evidence;

/// <summary>One-step errors of every recurrence on one series at several sizes.</summary>
/// <param name="Series">Its name.</param>
/// <param name="Features">Values per step.</param>
/// <param name="Repetitions">Paired repetitions.</param>
/// <param name="Units">The sizes.</param>
/// <param name="Results">For each size, one per recurrence.</param>
internal sealed record SeriesResult(string Series, int Features, int Repetitions, IReadOnlyList<int> Units, RecurrenceResult[][] Results);

/// <summary>How one recurrence of one size did. Errors are mean squared one-step errors on the test steps, 1 for always predicting the mean.</summary>
/// <param name="Name">The recurrence.</param>
/// <param name="Gain">Input gain chosen on validation steps.</param>
/// <param name="Radius">Spectral radius chosen on validation steps.</param>
/// <param name="Error">Mean error.</param>
/// <param name="ErrorError">Its standard error over the repetitions.</param>
/// <param name="Difference">Mean paired difference to the random reservoir of that size; negative is better.</param>
/// <param name="DifferenceError">Its standard error.</param>
internal sealed record RecurrenceResult(string Name, double Gain, double Radius, double Error, double ErrorError, double Difference, double DifferenceError);
