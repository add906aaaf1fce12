Console.WriteLine("SpectralInit quickstart");
