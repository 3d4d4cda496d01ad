"""LZN7xx: run folders and checkpoints."""

from lzn_dsl.diagnostics.codes.code import Code

CODES: tuple[Code, ...] = (
    Code(
        code="LZN701",
        title="a checkpoint is damaged",
        explanation=(
            "A file of the checkpoint is missing, cut short or changed since it was written: its "
            "size or SHA-256 is not the one in the manifest. The checkpoint was set aside (its "
            "folder now ends in `.damaged`) and the one before it is used. Check the disk."
        ),
    ),
    Code(
        code="LZN702",
        title="no checkpoint is sound",
        explanation=(
            "The run folder has checkpoints, but each of them is damaged. Training does not "
            "start again silently: restore the folder from a copy, or start afresh (`--fresh`), "
            "which keeps the damaged ones beside the new."
        ),
    ),
    Code(
        code="LZN703",
        title="the run folder belongs to another program",
        explanation=(
            "The folder has checkpoints of a program that trains differently; the message names "
            "the fields. What may differ when a run goes on: the number of steps, evaluations, "
            "tasks, the support, workers, and how often it logs, samples and saves. Use another "
            "folder, or start afresh (`--fresh`), which keeps the old checkpoints beside the new."
        ),
    ),
    Code(
        code="LZN704",
        title="the run folder is in use",
        explanation=(
            "Another process is training in this folder; the message names it. Wait for it, stop "
            "it, or use another folder. A process that was killed does not keep the folder."
        ),
    ),
    Code(
        code="LZN705",
        title="no space left to save a checkpoint",
        explanation=(
            "The disk or the quota is full. What was written of the checkpoint was removed; those "
            "saved before are untouched. Training goes on and the next checkpoint is tried in its "
            "turn. Make room before the training ends."
        ),
    ),
    Code(
        code="LZN706",
        title="a checkpoint could not be written",
        explanation=(
            "The operating system refused to write, for the reason given. What was written of the "
            "checkpoint was removed; those saved before are untouched. Training goes on and the "
            "next checkpoint is tried in its turn."
        ),
    ),
    Code(
        code="LZN707",
        title="the last checkpoint could not be written",
        explanation=(
            "Training ended or was interrupted and its state could not be saved, for the reason "
            "given. Checkpoints saved before are untouched: make room and run the same command "
            "again, it goes on from the newest of them."
        ),
    ),
    Code(
        code="LZN708",
        title="not a run folder that can be read",
        explanation=(
            "The folder does not exist, has no `plan.json`, or no checkpoint yet. `lzn run SPEC` "
            "makes run folders."
        ),
    ),
    Code(
        code="LZN709",
        title="the checkpoint does not fit the plan",
        explanation=(
            "The checkpoint's tensors have other names or shapes than the model of the plan, or it "
            "has another format: it was written by another version of the package or changed by "
            "hand."
        ),
    ),
    Code(
        code="LZN710",
        title="the training data changed",
        explanation=(
            "The dataset's fingerprint is not the one that the checkpoint was trained on: files "
            "were added, removed or changed. Restore the data, or start afresh in another folder."
        ),
    ),
    Code(
        code="LZN711",
        title="another version of PyTorch wrote the checkpoint",
        explanation=(
            "Training goes on, but its numbers may differ in the last digits from those of an "
            "uninterrupted run: that equality holds on one kind of machine and one version."
        ),
    ),
    Code(
        code="LZN712",
        title="the run has trained longer than the program asks",
        explanation=(
            "The newest checkpoint has more steps than `steps` of the `train` block. Raise "
            "`steps`, or use another folder."
        ),
    ),
    Code(
        code="LZN713",
        title="a log or picture could not be written",
        explanation=(
            "The operating system refused to write, for the reason given. Training is not touched "
            "by this. Lines of the log are kept and written when that works again."
        ),
    ),
    Code(
        code="LZN714",
        title="weights in a format that may run code",
        explanation=(
            "A torch checkpoint (`.pt`, `.pth`, `.ckpt`), a joblib file and an array of objects "
            "are pickles, which can name any function to be called. Such files are told by their "
            "contents, whatever they are called, and are never opened where weights are used. "
            "`lzn convert FILE --out DIR` reads a checkpoint of the paper's published code, in a "
            "process that can do nothing but read, and makes a run folder of it."
        ),
    ),
    Code(
        code="LZN715",
        title="a checkpoint to convert is refused",
        explanation=(
            "`lzn convert` accepts what `torch.save` writes of tensors, lists, tables, numbers and "
            "texts, and nothing else. The file names something else, is damaged or cut short, is "
            "of the form that torch wrote before version 1.6, or reading it took too much time or "
            "memory. Nothing in it was run: it is read in a process of its own without network, "
            "whose memory, time and files are limited."
        ),
    ),
    Code(
        code="LZN716",
        title="the checkpoint is of no published network",
        explanation=(
            "The names and shapes of its weights are not those of a network of the paper's "
            "published code, or not those of the configuration named by `--config`. The message "
            "lists the differences."
        ),
    ),
    Code(
        code="LZN717",
        title="weights that are not finite",
        explanation=(
            "The weights hold infinite numbers, NaN, or numbers beyond 1e30, which no training "
            "leaves behind: they are damaged. `lzn convert` refuses them. A run folder with such "
            "weights is opened with this warning, and none of its tasks runs."
        ),
    ),
    Code(
        code="LZN718",
        title="a step has no sound checkpoint",
        explanation=(
            "The run keeps no checkpoint of the step that was asked for, or one that is not what "
            "was saved. The message lists the steps that have one. `checkpoint_every` of the "
            "`train` block says how often one is saved, `keep` how many of the newest stay; step 0 "
            "of `lzn eval` is the untrained model and needs none."
        ),
    ),
)
