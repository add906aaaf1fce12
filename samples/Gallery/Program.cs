using Gallery;

// One sample per kind of layer, each with a picture: dotnet run -c Release --project samples/Gallery -- [NAME …] [--data FOLDER] [--save DIR]
Dictionary<string, Action<GalleryContext>> samples = new()
{
    ["dense"] = DenseSample.Run,
    ["convolution"] = ConvolutionSample.Run,
    ["embedding"] = EmbeddingSample.Run,
    ["recurrent"] = RecurrentSample.Run,
    ["lowrank"] = LowRankSample.Run,
    ["network"] = NetworkSample.Run,
};

List<string> names = [];
string? data = null;
string save = "gallery";
for (int i = 0; i < args.Length; i++)
{
    if (args[i] == "--data" && i + 1 < args.Length)
        data = args[++i];
    else if (args[i] == "--save" && i + 1 < args.Length)
        save = args[++i];
    else if (samples.ContainsKey(args[i]))
        names.Add(args[i]);
    else
        return Usage($"'{args[i]}' is neither a sample nor an option.");
}

if (data is not null && !Directory.Exists(data))
    return Usage($"There is no folder '{data}'.");
Directory.CreateDirectory(save);
GalleryContext context = new(data, save);
foreach (string name in names.Count > 0 ? names : [.. samples.Keys])
{
    Console.WriteLine($"── {name} ──");
    samples[name](context);
    Console.WriteLine();
}

return 0;

int Usage(string problem)
{
    Console.Error.WriteLine(problem);
    Console.Error.WriteLine($"Usage: [{string.Join('|', samples.Keys)} …] [--data FOLDER] [--save DIR]");
    Console.Error.WriteLine("  --data   a folder with mnist/, images/, text/, finance/ as the files are known; without it every sample makes its data");
    return 2;
}
