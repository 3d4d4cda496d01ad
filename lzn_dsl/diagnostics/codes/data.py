"""LZN5xx: what can be wrong with data."""

from lzn_dsl.diagnostics.codes.code import Code

CODES: tuple[Code, ...] = (
    Code(
        code="LZN501",
        title="the data is not there",
        explanation=(
            "A file of the data set was not found; the message names it and says how to get it. "
            "Nothing is ever fetched over the network. Without `root:`, files are looked for in "
            "the folder that the variable LZN_DATA names, in ~/.cache/lzn_dsl and where the "
            "operating system's packages put them. A relative `root:` is relative to the folder "
            "of the spec."
        ),
    ),
    Code(
        code="LZN502",
        title="the data folder is not usable",
        explanation="`root:` names something that is not a folder, or one that cannot be listed.",
    ),
    Code(
        code="LZN503",
        title="a data file is damaged or of another format",
        explanation=(
            "The file is cut short, longer than its header claims, corrupt, or not what its name "
            "says: the message tells how many bytes were expected and how many there are. Get the "
            "file again. Files are checked against their own headers before memory is set aside."
        ),
    ),
    Code(
        code="LZN504",
        title="a label is outside the range of classes",
        explanation=(
            "Labels are numbers from 0 to the number of classes less one. The message names the "
            "file and the sample. No such sample is ever trained on."
        ),
    ),
    Code(
        code="LZN505",
        title="a pickle file holds more than arrays, lists and text",
        explanation=(
            "The Python version of CIFAR-10 is in pickle files, which can name any function to "
            "be called. lzn_dsl reads them by a reader of its own that knows byte arrays, lists, "
            "numbers and text, and refuses the rest. Get the file again from a source you trust, "
            "or use the binary version (cifar-10-batches-bin)."
        ),
    ),
    Code(
        code="LZN506",
        title="the folder is not laid out as a folder of classes",
        explanation=(
            "`image_folder` reads `root/CLASS/FILE`: one sub-folder for each class, pictures "
            "directly in it; with `labels: false`, pictures directly in `root`. `imagenet` reads "
            "`train/CLASS/FILE` and `val/CLASS/FILE`, the same WordNet ids in both. Names of "
            "classes must be printable text, differ by more than upper and lower case, and each "
            "must hold a picture (.bmp .gif .jpeg .jpg .pgm .png .ppm .webp). Folders whose name "
            "begins with a dot are left out."
        ),
    ),
    Code(
        code="LZN507",
        title="a picture cannot be read",
        explanation=(
            "The file is empty, cut short, not a picture, not a regular file, or in a format that "
            "is not read (read are BMP, GIF, JPEG, PNG, PPM and WebP, by content and not by name). "
            "With `on_error: skip`, the next good picture takes its place, which is the same in "
            "each run; a picture that was there and is gone is an error all the same."
        ),
    ),
    Code(
        code="LZN508",
        title="too many pictures cannot be read",
        explanation=(
            "With `on_error: skip`, up to 5 % of the pictures (and always one) may be replaced. "
            "More of them mean that something is wrong with the folder. The message names the last."
        ),
    ),
    Code(
        code="LZN509",
        title="the data is smaller than a batch",
        explanation=(
            "A batch is drawn from one pass over the data or two, so that it cannot hold more "
            "samples than there are. Make `batch` smaller or the data larger."
        ),
    ),
    Code(
        code="LZN510",
        title="a process that fetches data ended early",
        explanation=(
            "One of the processes that read pictures ahead was ended from outside, most often "
            "because memory ran out. What was saved is good: run again, with fewer processes."
        ),
    ),
)
