using System.Collections.Immutable;
using MathNet.Numerics.LinearAlgebra;

namespace SpectralInit;

/// <summary>How a vector grows or dies under repeated multiplication: ‖Aᵗ·x‖₂ for t = 0, 1, …, kept as logarithms.</summary>
/// <remarks>What a linear recurrent state does over time, or a signal through equal linear layers. Divided by the spectral radius, a random matrix neither explodes nor dies.</remarks>
[TypeFormatterSource(typeof(DisplayFormatters))]
public sealed class PropagationTrace : IHtmlReport
{
    private PropagationTrace(string name, ImmutableArray<double> logNorms) => (Name, LogNorms) = (name, logNorms);

    /// <summary>What was traced, as in the legend of a picture.</summary>
    public string Name { get; }

    /// <summary>ln ‖Aᵗ·x‖₂ with ‖x‖₂ = 1; −∞ once it is zero. Steps + 1 values, fewer only when the vector became zero.</summary>
    public ImmutableArray<double> LogNorms { get; }

    /// <summary>The largest norm on the way; infinite when it exceeds the largest double.</summary>
    public double Largest => Math.Exp(LogNorms.Max());

    /// <summary>The smallest norm on the way.</summary>
    public double Smallest => Math.Exp(LogNorms.Min());

    /// <summary>Growth per step over the whole trace, (‖Aᵗx‖)^(1/t).</summary>
    public double GrowthPerStep => LogNorms.Length < 2 ? 1 : Math.Exp(LogNorms[^1] / (LogNorms.Length - 1));

    /// <summary>Traces a dense matrix.</summary>
    /// <param name="name">What is traced.</param>
    /// <param name="matrix">n×n values, row-major, finite.</param>
    /// <param name="dimension">n ≥ 0.</param>
    /// <param name="steps">Multiplications, ≥ 1; default 500.</param>
    /// <param name="seed">Seed of the random unit start vector.</param>
    /// <exception cref="ArgumentException"><paramref name="matrix"/> is not n×n or holds NaN or infinity.</exception>
    public static PropagationTrace Of(string name, ReadOnlySpan<double> matrix, int dimension, int steps = 500, ulong seed = 0)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        return new(name, PowerIteration.Run(matrix, dimension, Options(steps, seed)).LogNorms);
    }

    /// <summary>Traces a MathNet matrix.</summary>
    /// <param name="name">What is traced.</param>
    /// <param name="matrix">A square, finite matrix.</param>
    /// <param name="steps">Multiplications, ≥ 1; default 500.</param>
    /// <param name="seed">Seed of the random unit start vector.</param>
    /// <exception cref="ArgumentException"><paramref name="matrix"/> is not square or holds NaN or infinity.</exception>
    public static PropagationTrace Of(string name, Matrix<double> matrix, int steps = 500, ulong seed = 0)
    {
        DenseArgument.CheckSquare(matrix);
        return Of(name, matrix.ToRowMajorArray(), matrix.RowCount, steps, seed);
    }

    /// <summary>Traces a square operator.</summary>
    /// <param name="name">What is traced.</param>
    /// <param name="matrix">A square operator.</param>
    /// <param name="steps">Multiplications, ≥ 1; default 500.</param>
    /// <param name="seed">Seed of the random unit start vector.</param>
    /// <exception cref="ArgumentException"><paramref name="matrix"/> is not square, or a product is not finite.</exception>
    public static PropagationTrace Of(string name, ILinearOperator matrix, int steps = 500, ulong seed = 0)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        return new(name, PowerIteration.Run(matrix, Options(steps, seed)).LogNorms);
    }

    /// <summary>Draws traces together, for example before and after normalizing: log₁₀ ‖Aᵗx‖ over t.</summary>
    /// <param name="title">The title.</param>
    /// <param name="traces">At least one trace.</param>
    /// <exception cref="ArgumentException">There is no trace.</exception>
    public static SvgPlot Plot(string title, params IReadOnlyList<PropagationTrace> traces)
    {
        ArgumentNullException.ThrowIfNull(traces);
        if (traces.Count == 0)
            throw new ArgumentException("Pass at least one trace.", nameof(traces));
        SvgPlot plot = new(title, "step t", "log₁₀ ‖Aᵗx‖");
        foreach (PropagationTrace trace in traces)
            plot.Line(trace.Name, [.. trace.LogNorms.Where(double.IsFinite).Select(value => value / Math.Log(10))]);
        return plot;
    }

    /// <summary>This trace as a picture.</summary>
    public SvgPlot Plot() => Plot(Name, this);

    /// <summary>The name and the growth per step.</summary>
    public override string ToString() => FormattableString.Invariant($"{Name}: ×{GrowthPerStep:G4} per step over {LogNorms.Length - 1} steps (Plot() draws it)");

    string IHtmlReport.ToHtml() => Plot().ToSvg();

    private static PowerIterationOptions Options(int steps, ulong seed) =>
        new() { MaxIterations = steps, Seed = seed, StopWhenSettled = false, ResolveUnsettled = false };
}
