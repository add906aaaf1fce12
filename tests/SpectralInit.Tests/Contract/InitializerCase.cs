namespace SpectralInit.Tests.Contract;

/// <summary>One row of the contract table: an initializer and what is special about it.</summary>
/// <param name="Name">How the test output names it.</param>
/// <param name="Initializer">The initializer.</param>
internal sealed record InitializerCase(string Name, IWeightInitializer Initializer)
{
    /// <summary>Which of <see cref="InitializerTable.Shapes"/> it accepts; the others must be refused, naming the shape.</summary>
    public Func<WeightShape, bool> Accepts { get; init; } = _ => true;

    /// <summary>Whether different seeds give different weights (on accepted shapes of at least 8 elements).</summary>
    public bool Random { get; init; } = true;

    /// <summary>Whether both layouts store the same tensor, axes permuted; independent draws fill storage order instead.</summary>
    public bool SameTensorInBothLayouts { get; init; }

    /// <summary>Whether float weights are the double weights rounded; random draws of float are a stream of their own.</summary>
    public bool FloatIsRoundedDouble { get; init; }

    /// <summary>Whether Half weights are the float weights rounded.</summary>
    public bool HalfIsRoundedFloat { get; init; } = true;

    /// <summary>A view of the data behind the initializer, which must never change; null where there is none.</summary>
    public double[]? Data { get; init; }

    public override string ToString() => Name;
}
