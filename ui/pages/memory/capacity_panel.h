#pragma once

#include "core/memory/basin.h"
#include "core/memory/capacity.h"
#include "core/runs/worker.h"
#include "ui/pages/memory/memory_state.h"
#include "ui/runs/gui_post.h"
#include "ui/widgets/panel.h"

namespace lab {

class Button;
class Plot;
class SegmentedControl;

/// How much a rule can hold, measured on the spot on a thread of its own: recall of random patterns against their number, or how far from
/// the stored patterns recall still finds back. Cancelled, it keeps what it has.
class CapacityPanel : public PanelFrame {
    Q_OBJECT

public:
    enum class Shows { overlap, exact, basins };

    explicit CapacityPanel(QWidget* parent = nullptr);
    ~CapacityPanel() override;

    /// What would be measured; what was measured before stays until then, and says of what it is.
    void setValue(const MemoryValue& value);
    void start();
    /// False: nothing was under way.
    bool cancel();
    bool measuring() const { return m_measuring; }
    /// Sets of random patterns at each load; for tests.
    void setDraws(int draws) { m_draws = draws; }
    Shows shows() const;
    Plot& plot() const { return *m_plot; }

private:
    /// Of one rule.
    struct Found {
        std::string rule;
        std::vector<CapacityPoint> loads;
        std::vector<BasinPoint> basins;
    };
    struct Progress {
        std::vector<Found> found;
        double share = 0;
    };
    using Tell = std::function<void(Progress)>;
    using Stopped = std::function<bool()>;
    static void measureLoads(const MemoryValue& value, int draws, const Tell& tell, const Stopped& stopped);
    static void measureBasins(const MemoryValue& value, int draws, const Tell& tell, const Stopped& stopped);
    void take(const Progress& progress, bool whole);
    void showCurves();
    void showButton();
    QString subject(const MemoryValue& value) const;

    MemoryValue m_value;
    std::optional<MemoryValue> m_measured[2];  ///< by loads, by basins: of what the curves are
    std::vector<Found> m_found[2];
    bool m_measuring = false;
    int m_which = 0;  ///< of the two that is being measured
    double m_share = 0;
    int m_draws = 4;
    SegmentedControl* m_shows;
    Button* m_start;
    Plot* m_plot;
    GuiPost m_post;
    Worker m_worker;  ///< ends first
};

}  // namespace lab
