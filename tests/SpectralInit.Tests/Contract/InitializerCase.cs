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

    /// <summary><see cref="Random"/> where it depends on the shape; null elsewhere.</summary>
    public Func<WeightShape, bool>? RandomFor { get; init; }

    /// <summary>Whether both layouts store the same tensor, axes permuted; independent draws fill storage order instead.</summary>
    public bool SameTensorInBothLayouts { get; init; }

    /// <summary>Whether float weights are the double weights rounded; random draws of float are a stream of their own.</summary>
    public bool FloatIsRoundedDouble { get; init; }

    /// <summary>What Half weights are rounded from.</summary>
    public HalfSource Half { get; init; } = HalfSource.Float;

    /// <summary>A view of the data behind the initializer, which must never change; null where there is none.</summary>
    public double[]? Data { get; init; }

    public override string ToString() => Name;
}

/// <summary>What Half weights are rounded from.</summary>
internal enum HalfSource
{
    /// <summary>The float weights.</summary>
    Float,

    /// <summary>The double weights.</summary>
    Double,

    /// <summary>Double results of the float draws: within one Half of the float weights rounded.</summary>
    BeforeFloat,
}
