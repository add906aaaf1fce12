namespace SpectralInit;

/// <summary>Singular values, descending, with orthonormal left and right singular vectors: A·v = σ·u, Aᵀ·u = σ·v.</summary>
/// <remarks>Sign rule, version 1: in every right vector the entry of largest magnitude is positive; on ties the first decides.</remarks>
public sealed class SingularTriples
{
    internal SingularTriples(int rows, int columns, double[] values, double[] leftVectors, double[] rightVectors, double[] residuals, int iterations)
    {
        Rows = rows;
        Columns = columns;
        Values = values;
        LeftVectors = leftVectors;
        RightVectors = rightVectors;
        Residuals = residuals;
        Iterations = iterations;
    }

    /// <summary>Rows m of the matrix.</summary>
    public int Rows { get; }

    /// <summary>Columns n of the matrix.</summary>
    public int Columns { get; }

    /// <summary>Number of triples k ≤ min(m, n).</summary>
    public int Count => Values.Length;

    /// <summary>Singular values, descending, k values.</summary>
    public double[] Values { get; }

    /// <summary>Left singular vectors as the <em>rows</em> of a k×m row-major matrix.</summary>
    public double[] LeftVectors { get; }

    /// <summary>Right singular vectors as the <em>rows</em> of a k×n row-major matrix.</summary>
    public double[] RightVectors { get; }

    /// <summary>max(‖A·v − σ·u‖, ‖Aᵀ·u − σ·v‖) of each triple, measured on the matrix.</summary>
    public double[] Residuals { get; }

    /// <summary>Rounds of the direct method, or operator applications of an iterative one.</summary>
    public int Iterations { get; }

    /// <summary>True unless an iterative method reached its limit before every one of the <see cref="Residuals"/> was at most its tolerance times σ₁.</summary>
    public bool Converged { get; internal init; } = true;

    private string More => Count < Math.Min(Rows, Columns) ? "ask for more with the count of the decomposition" : $"a {Rows}×{Columns} matrix has no more";

    /// <summary>How many, of what matrix.</summary>
    public override string ToString() =>
        FormattableString.Invariant($"{Count} singular triples of a {Rows}×{Columns} matrix, {Values.FirstOrDefault():G6} … {Values.LastOrDefault():G6}{(Converged ? "" : ", not converged")}");

    /// <summary>Left vector i, m values.</summary>
    /// <param name="i">0 … <see cref="Count"/>−1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no triple <paramref name="i"/>.</exception>
    public ReadOnlySpan<double> LeftVector(int i)
    {
        IndexError.Check(i, Count, "left singular vector", More);
        return LeftVectors.AsSpan(i * Rows, Rows);
    }

    /// <summary>Right vector i, n values.</summary>
    /// <param name="i">0 … <see cref="Count"/>−1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no triple <paramref name="i"/>.</exception>
    public ReadOnlySpan<double> RightVector(int i)
    {
        IndexError.Check(i, Count, "right singular vector", More);
        return RightVectors.AsSpan(i * Columns, Columns);
    }
}
