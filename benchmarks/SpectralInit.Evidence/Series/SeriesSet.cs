namespace SpectralInit.Evidence;

/// <summary>A source of multivariate series, one segment for each repetition.</summary>
/// <param name="Name">For tables and files.</param>
/// <param name="Features">Values per step.</param>
/// <param name="Segment">Steps × features values of repetition r of R.</param>
internal sealed record SeriesSet(string Name, int Features, Func<int, int, double[]> Segment)
{
    /// <summary>Steps the recurrence runs before the first one counts.</summary>
    public const int Washout = 50;

    /// <summary>Steps to fit the readout, to choose settings by, and to test, in this order of time.</summary>
    public const int Training = 1000, Validation = 200, Test = 300;

    /// <summary>Steps of a segment: each step but the last is followed by the one to predict.</summary>
    public const int Length = Training + Validation + Test + 1;
}
