using System.Numerics;
using SpectralInit.Kernels;

namespace SpectralInit;

/// <summary>The recurrent matrix of an echo state network: sparse, random, scaled to a spectral radius (Jaeger 2001; Lukoševičius 2012).</summary>
/// <remarks>
/// Every unit reads the same number of units, max(1, round(connectivity·n)), at distinct random places, with standard normal weights; then W ← W·radius/ρ(W). The radius is computed,
/// not estimated from the circular law: directly for small reservoirs, by Krylov–Schur for large ones, and a draw that is nilpotent (possible when almost nothing is connected) is drawn
/// again with a derived seed.
/// </remarks>
public sealed class ReservoirInitializer : IWeightInitializer
{
    private const int MostDraws = 20;

    /// <summary>A reservoir.</summary>
    /// <param name="radius">Spectral radius, finite, ≥ 0; default 0.9. Below 1 the linear reservoir forgets its start.</param>
    /// <param name="connectivity">Fraction of the units that each unit reads, above 0, at most 1; default 0.1.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of range.</exception>
    public ReservoirInitializer(double radius = 0.9, double connectivity = 0.1)
    {
        if (!double.IsFinite(radius) || radius < 0)
            throw new ArgumentOutOfRangeException(nameof(radius), radius, "A spectral radius is finite and not negative.");
        if (!(connectivity is > 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(connectivity), connectivity, "The connectivity is a fraction above 0, at most 1.");
        (Radius, Connectivity) = (radius, connectivity);
    }

    /// <summary>The spectral radius.</summary>
    public double Radius { get; }

    /// <summary>Fraction of the units that each unit reads.</summary>
    public double Connectivity { get; }

    /// <summary>The reservoir as a sparse matrix: for tens of thousands of units.</summary>
    /// <param name="units">n ≥ 0.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="progress">Told of the radius, as <see cref="SpectralRadius"/> tells; a draw that is nilpotent begins again.</param>
    /// <param name="cancellationToken">Stops the computation of the radius.</param>
    /// <exception cref="InvalidOperationException">The radius did not converge, or every draw was nilpotent.</exception>
    public SparseMatrix CreateSparse(int units, ulong seed = 0, IProgress<SolverProgress>? progress = null, CancellationToken cancellationToken = default) => CreateSparse(units, seed, out _, progress, cancellationToken);

    /// <inheritdoc cref="CreateSparse(int, ulong, IProgress{SolverProgress}, CancellationToken)"/>
    /// <param name="units">n ≥ 0.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="before">The radius of the draw before scaling, with its evidence.</param>
    /// <param name="progress">Told of the radius, as <see cref="SpectralRadius"/> tells; a draw that is nilpotent begins again.</param>
    /// <param name="cancellationToken">Stops the computation of the radius.</param>
    public SparseMatrix CreateSparse(int units, ulong seed, out SpectralRadiusResult before, IProgress<SolverProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(units);
        SpectralRadiusResult? radius = null;
        for (int draw = 0; draw < MostDraws; draw++)
        {
            SparseMatrix matrix = Draw(units, draw == 0 ? seed : Seeds.Derive(seed, (ulong)draw));
            radius = SpectralRadius.Of(matrix, null, progress, cancellationToken);
            if (!radius.Converged)
                throw new InvalidOperationException($"The spectral radius of {units} units did not converge in {radius.Iterations} products (residual {radius.Residual:g3}).");
            before = radius;
            if (units == 0)
                return matrix;
            if (!radius.MayBeZero)
                return matrix.Map((_, _, value) => value * (Radius / radius.Value));
        }

        throw new InvalidOperationException($"{MostDraws} draws of {units} units were nilpotent; raise the connectivity above {Connectivity}.");
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The shape is not one square matrix.</exception>
    public void Initialize<T>(Span<T> weights, WeightShape shape, ulong seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        WeightGuard.Check<T>(weights, shape);
        if (shape.Blocks != 1 || shape.Rows != shape.Columns || shape.Kind is not (WeightKind.Recurrent or WeightKind.Dense))
            throw new ArgumentException($"A reservoir is one square matrix, not {shape}; wrap it in PerGateInitializer for a gated cell.", nameof(shape));
        SparseMatrix matrix = CreateSparse(shape.Rows, seed);
        WeightGuard.CheckFits<double, T>(matrix.Values);
        weights.Clear();
        for (int row = 0; row < shape.Rows; row++)
        {
            (ReadOnlyMemory<int> columns, ReadOnlyMemory<double> values) = matrix.Row(row);
            for (int i = 0; i < columns.Length; i++)
            {
                int column = columns.Span[i];
                weights[shape.Layout == WeightLayout.OutputsFirst ? (row * shape.Columns) + column : (column * shape.Rows) + row] = T.CreateTruncating(values.Span[i]);
            }
        }
    }

    private SparseMatrix Draw(int units, ulong seed)
    {
        int degree = units == 0 ? 0 : Math.Clamp((int)Math.Round(Connectivity * units), 1, units);
        return SparseMatrix.FromEntries(units, units, Entries());

        IEnumerable<(int Row, int Column, double Value)> Entries()
        {
            double[] places = new double[degree], values = new double[degree];
            HashSet<int> chosen = [];
            for (int row = 0; row < units; row++)
            {
                RandomFill.Uniform<double>(places, 0, 1, seed, stream: (ulong)row);
                RandomFill.Normal<double>(values, 0, 1, Seeds.Derive(seed, "weights"), stream: (ulong)row);

                // Floyd's sampling of distinct places (Bentley and Floyd 1987).
                chosen.Clear();
                for (int i = 0; i < degree; i++)
                {
                    int last = units - degree + i, place = Math.Min(last, (int)(places[i] * (last + 1)));
                    int column = chosen.Add(place) ? place : last;
                    chosen.Add(column);
                    yield return (row, column, values[i]);
                }
            }
        }
    }
}
