#include "core/config/field_list.h"

namespace lab {
namespace {

bool showsPictures(const Experiment& e) {
    return e.task.kind->source == TaskSource::pictures;
}

constexpr int mostPixels = 1024;

}  // namespace

void addPictureFields(FieldList& list) {
    list.add(
        "task.patch", [](auto& e) -> auto& { return e.task.pictures.patch; },
        {.help = LAB_TEXT("help",
                          "Side of the square patches, in pixels, that a picture is read in, row by row from the top left. A vector is "
                          "a patch: its bytes 0 to 255 brought to -1 to 1, which is x / 127.5 - 1."),
         .limits = {1, mostPixels},
         .applies = showsPictures,
         .common = true});
    list.add("task.stride", [](auto& e) -> auto& { return e.task.pictures.stride; },
             {.help = LAB_TEXT("help", "Pixels from one patch to the next: less than patch, and they overlap. Absent: patch."),
              .limits = {1, mostPixels},
              .applies = showsPictures,
              .presence = Presence::derived});
}

}  // namespace lab
