namespace SpectralInit.Tests;

/// <summary>Real data sets that are not part of the repository; SPECTRALINIT_DATA names their folder.</summary>
internal static class RealData
{
    public static string? Folder { get; } = Environment.GetEnvironmentVariable("SPECTRALINIT_DATA");

    public static string PathOf(string file) => Path.Combine(Folder ?? throw new InvalidOperationException("Set SPECTRALINIT_DATA."), file);
}

/// <summary>A fact about real data, skipped where SPECTRALINIT_DATA is not set.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RealDataFactAttribute : FactAttribute
{
    public RealDataFactAttribute()
    {
        if (RealData.Folder is null)
            Skip = "SPECTRALINIT_DATA is not set.";
    }
}
