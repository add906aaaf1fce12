using SpectralInit;

namespace Gallery;

/// <summary>A convolution: filters from image patches, and the true norm of the layer beside that of its reshaped kernel.</summary>
internal static class ConvolutionSample
{
    private const int Patch = 7;

    public static void Run(GalleryContext context)
    {
        PatchSource patches = context.Find("images/gravel.npy") is string file
            ? new(NpyFile.ReadRows(file, 512 * 512, 1 / 255.0), new() { Height = 512, Width = 512, PatchHeight = Patch, PatchWidth = Patch, Stride = 3 })
            : new(RowSource.From(Made.Shapes(60, 64, 1), 64 * 64), new() { Height = 64, Width = 64, PatchHeight = Patch, PatchWidth = Patch, Stride = 3 });
        Console.WriteLine($"{patches.RowCount:N0} patches of {Patch} × {Patch}, streamed");

        WeightShape shape = WeightShape.Convolution(1, 24, [Patch, Patch]);
        DataSpectrum spectrum = DataSpectrum.Fit(patches, new() { Components = 24 });
        double[] principal = new PrincipalComponentInitializer(spectrum).Create<double>(shape);
        SphericalKMeans clusters = SphericalKMeans.Fit(patches, new() { Clusters = 24, SampleRows = 10_000 });
        double[] centroids = new SphericalKMeansInitializer(clusters).Create<double>(shape);
        Console.WriteLine($"24 components explain {spectrum.Components.Values.Sum() / spectrum.TotalVariance:P1}; k-means {(clusters.Converged ? "converged" : "stopped")} after {clusters.Iterations} rounds");

        ConvolutionGeometry geometry = new(32, 32);
        double[] he = new HeInitializer().Create<double>(shape, 1);
        double[] normalized = new ConvolutionNormalizedInitializer(new HeInitializer(), geometry).Create<double>(shape, 1);
        Console.WriteLine($"He: reshaped kernel norm {ConvolutionNorm.Reshaped(he, shape).Value:F3}, norm of the convolution on 32 × 32 {ConvolutionNorm.Of(he, shape, geometry).Value:F3}, normalized {ConvolutionNorm.Of(normalized, shape, geometry).Value:F3}");
        context.Save(new SvgFigure(1, new ImageMosaic("Principal patches", principal, Patch, Patch, columns: 12), new ImageMosaic("Spherical k-means on whitened patches", centroids, Patch, Patch, columns: 12)), "convolution.svg");
    }
}
