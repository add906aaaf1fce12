using SpectralInit;

namespace Gallery;

/// <summary>Where real data may be, and where pictures go.</summary>
internal sealed record GalleryContext(string? Data, string Folder)
{
    /// <summary>A real file, or null when the sample makes its data.</summary>
    public string? Find(string file) => Data is not null && File.Exists(Path.Combine(Data, file)) ? Path.Combine(Data, file) : null;

    public void Save(SvgPicture picture, string file)
    {
        string path = Path.Combine(Folder, file);
        picture.Save(path);
        Console.WriteLine($"picture: {path}");
    }
}
