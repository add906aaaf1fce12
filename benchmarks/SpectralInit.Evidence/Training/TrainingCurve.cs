namespace SpectralInit.Evidence;

/// <summary>Evaluations before training and after each epoch, and the seconds spent on the updates alone.</summary>
internal sealed record TrainingCurve(Evaluation[] Points, double Seconds)
{
    public Evaluation Last => Points[^1];
}
