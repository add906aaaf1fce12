namespace SpectralInit.Kernels;

/// <summary>What the merges of one matrix share.</summary>
internal readonly unsafe struct MergeSpace
{
    /// <summary>Eigenvalue of every row.</summary>
    public required double* Values { get; init; }

    /// <summary>Eigenvectors as rows; a subproblem [start, end) has its block in those rows and columns, and zeros beside it.</summary>
    public required double* Rows { get; init; }

    /// <summary>Workspace like <see cref="Rows"/>: the rows that take part in a merge.</summary>
    public required double* Gathered { get; init; }

    /// <summary>Workspace like <see cref="Rows"/>: eigenvectors of the merged problem.</summary>
    public required double* Coefficients { get; init; }

    /// <summary>Elements between rows.</summary>
    public required nint Stride { get; init; }

    /// <summary>Within a subproblem, its rows by ascending value.</summary>
    public required int[] Order { get; init; }

    /// <summary>Evaluations of the secular equation allowed per root.</summary>
    public required int RootIterations { get; init; }
}
