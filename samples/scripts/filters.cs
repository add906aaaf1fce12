#:package SpectralInit@*
#:property PublishAot=false

// The filters of a convolution from the patches of images, as a file-based app:  dotnet run filters.cs
using SpectralInit;

// 200 images of 32×32: overlapping soft disks. Yours come from IdxFile.ReadRows, NpyFile.ReadRows, arrays …
const int Side = 32;
Random random = new(1);
float[] images = new float[200 * Side * Side];
for (int image = 0; image < 200; image++)
{
    for (int disk = 0; disk < 6; disk++)
    {
        double x = Side * random.NextDouble(), y = Side * random.NextDouble(), radius = 3 + (6 * random.NextDouble()), ink = random.NextDouble() - 0.5;
        for (int pixel = 0; pixel < Side * Side; pixel++)
        {
            double distance = Math.Sqrt(Math.Pow((pixel % Side) - x, 2) + Math.Pow((pixel / Side) - y, 2));
            images[(image * Side * Side) + pixel] += (float)(ink * Math.Clamp(radius - distance, 0, 1));
        }
    }
}

PatchSource patches = new(RowSource.From(images, Side * Side), new() { Height = Side, Width = Side, PatchHeight = 7, PatchWidth = 7 });
DataSpectrum spectrum = DataSpectrum.Fit(patches);
Console.WriteLine(new SpectrumReport(spectrum));

// [24, 1, 7, 7]: what a Conv2d with one input channel and 24 filters stores.
WeightShape layer = WeightShape.Convolution(inChannels: 1, outChannels: 24, kernel: [7, 7]);
PrincipalComponentInitializer principal = new(spectrum, new() { Scaling = ComponentScaling.Proportional });
float[] weights = principal.Create<float>(layer, seed: 1);
SafeTensors.Write("filters.safetensors", [NamedTensor.Create("conv1.weight", weights, [.. layer.Dimensions]), NamedTensor.Create("conv1.bias", principal.CreateBias<float>(layer, seed: 1), 24)]);
ImageMosaic.OfComponents(spectrum, 7, 7).Save("filters.svg");
Console.WriteLine(InitializerComparison.Measure(patches, layer, seed: 1, [("principal patches", principal), ("He", new HeInitializer())]));
Console.WriteLine("wrote filters.safetensors and filters.svg");
