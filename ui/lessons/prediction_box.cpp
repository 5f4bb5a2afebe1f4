#include "ui/lessons/prediction_box.h"

#include "ui/lessons/cell_box.h"
#include "ui/lessons/choice_box.h"
#include "ui/lessons/drawn_box.h"
#include "ui/lessons/number_box.h"
#include "ui/lessons/order_box.h"

namespace lab {

PredictionBox* makePredictionBox(const PredictionScene& scene) {
    switch (scene.prediction.kind) {
        case Prediction::Kind::choice:
            return new ChoiceBox(scene);
        case Prediction::Kind::number:
            return new NumberBox(scene);
        case Prediction::Kind::cell:
            return new CellBox(scene);
        case Prediction::Kind::order:
            return new OrderBox(scene);
        case Prediction::Kind::bars:
        case Prediction::Kind::curve:
            break;
    }
    return new DrawnBox(scene);
}

}  // namespace lab
