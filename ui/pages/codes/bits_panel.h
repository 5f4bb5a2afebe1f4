#pragma once

#include <optional>

#include "ui/pages/codes/bits_bars.h"
#include "ui/pages/codes/goedel_study.h"
#include "ui/widgets/panel.h"

namespace lab {

class ElidedLabel;
class Plot;
class ThemedLabel;

/// The slots of a trained code, and how many codes each has.
struct TrainedRoom {
    int slotCount = 0, codes = 0;
    double bits = 0;
    bool operator==(const TrainedRoom&) const = default;
};

/// How many bits a sequence's number has, beside those that are needed and other ways to make a number; and how that grows with its length.
class BitsPanel : public PanelFrame {
    Q_OBJECT

public:
    explicit BitsPanel(QWidget* parent = nullptr);

    void setStudy(const GoedelStudy& study, const std::optional<TrainedRoom>& trained);
    BitsBars& bars() const { return *m_bars; }
    Plot& plot() const { return *m_plot; }
    /// How many times more bits than needed; "–" where none are.
    QString ratio() const;

private:
    void showCurve(const GoedelStudy& study);

    ElidedLabel* m_what;
    ThemedLabel* m_ratio;
    BitsBars* m_bars;
    Plot* m_plot;
};

}  // namespace lab
