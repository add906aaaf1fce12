namespace SpectralInit.Evidence;

/// <summary>One way to set the first weights of a whole network.</summary>
/// <param name="Name">The name on the command line and in tables.</param>
/// <param name="Summary">What it does, in one line.</param>
/// <param name="Apply">Sets the weights; called on a network that holds He weights and zero biases.</param>
internal sealed record Candidate(string Name, string Summary, Action<InitializationContext> Apply)
{
    /// <summary>The baseline that all others are compared with.</summary>
    public const string Reference = "he";

    public void Initialize(InitializationContext context)
    {
        context.FillAll(new HeInitializer());
        foreach (WeightLayer layer in context.Network.WeightLayers)
            layer.RateFactor = 1;
        Apply(context);
    }
}
