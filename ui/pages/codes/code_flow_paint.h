#pragma once

#include <QPainter>

#include "ui/pages/codes/code_flow_layout.h"

namespace lab {

/// What the hand does to the dials; paper has none of it.
struct CodeFlowHand {
    int chosen = -1;    ///< slot in hand
    int hovered = -1;   ///< under the mouse
    bool ring = false;  ///< the keyboard is there
};

void paintCodeFlow(QPainter& painter, const QRectF& room, const CodeFlowScene& scene, const CodeFlowHand& hand = {});

}  // namespace lab
