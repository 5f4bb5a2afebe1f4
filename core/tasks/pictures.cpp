#include <algorithm>

#include "core/tasks/task_config.h"

namespace lab {

PictureFrame pictureFrameOf(const PicturesConfig& pictures, int width, int height) {
    const int patch = std::clamp(pictures.patch, 1, std::max(1, std::min(width, height)));
    return {width, height, patch, std::max(1, pictures.stride.value_or(patch))};
}

namespace {

TaskNeeds needsOfShapes(const TaskConfig& task) {
    const PictureFrame frame = pictureFrameOf(task.pictures, shapesSide, shapesSide);
    return {1, static_cast<int>(shapeNames.size()), frame.patches(), frame.numbers()};
}

void checkShapes(const TaskConfig& task, const Refuse& refuse) {
    if (task.pictures.patch <= shapesSide) return;
    refuse("patch", Message(LAB_TEXT("tasks", "%1 is larger than the pictures, which are %2 pixels wide and high; use at most %2"))
                        .arg(task.pictures.patch)
                        .arg(shapesSide));
}

}  // namespace

extern constinit const TaskSpec imagesTask{
    .name = "images",
    .title = LAB_TEXT("tasks", "Images"),
    .help = LAB_TEXT("tasks", "the class of a picture of your own files (IDX, as MNIST has them), which is read patch by patch"),
    .framing = Framing::given,
    .source = TaskSource::pictures,
    .input = InputKind::vectors,
    .readout = Readout::last,
};

extern constinit const TaskSpec shapesTask{
    .name = "shapes",
    .title = LAB_TEXT("tasks", "Shapes"),
    .help = LAB_TEXT("tasks", "which of ten digits and six shapes a picture shows, drawn by strokes among others and read patch by patch"),
    .framing = Framing::given,
    .source = TaskSource::pictures,
    .input = InputKind::vectors,
    .readout = Readout::last,
    .needs = needsOfShapes,
    .check = checkShapes,
};

}  // namespace lab
