namespace SpectralInit.Kernels;

/// <summary>What the merges of one matrix share.</summary>
internal readonly unsafe struct MergeSpace
{
    /// <summary>Eigenvalue of every row.</summary>
    public required double* Values { get; init; }

    /// <summary>Eigenvectors as rows; a subproblem [start, end) has its block in those rows and columns, and zeros beside it. Null where only values are wanted.</summary>
    public double* Rows { get; init; }

    /// <summary>Workspace like <see cref="Rows"/>: the rows that take part in a merge.</summary>
    public double* Gathered { get; init; }

    /// <summary>For values alone: the first entry of every eigenvector of a subproblem, and the last.</summary>
    public double* FirstEntries { get; init; }

    /// <inheritdoc cref="FirstEntries"/>
    public double* LastEntries { get; init; }

    /// <summary>With those, rows of <see cref="Lane.Alignment"/> values that become combinations by the entries of the eigenvectors, or null.</summary>
    public double* Carried { get; init; }

    /// <summary>Values in a row of <see cref="Carried"/>; 0 where that is null.</summary>
    public int CarriedWidth => Carried == null ? 0 : Lane.Alignment;

    /// <summary>Workspace of whole rows: d_i − λ_j of the merged problem, then its eigenvectors.</summary>
    public required double* Coefficients { get; init; }

    /// <summary>Elements between rows.</summary>
    public required nint Stride { get; init; }

    /// <summary>Within a subproblem, its rows by ascending value.</summary>
    public required int[] Order { get; init; }

    /// <summary>Evaluations of the secular equation allowed per root.</summary>
    public required int RootIterations { get; init; }

    /// <summary>Row i of <see cref="Carried"/>, empty where that is null.</summary>
    public Span<double> CarriedRow(int i) => new(Carried + ((nint)i * CarriedWidth), CarriedWidth);
}
