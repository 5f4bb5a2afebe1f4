#pragma once

#include <QWidget>

#include "ui/scenes/stage_maps.h"

class QCheckBox;

namespace lab {

/// How the weights of a text are shown: with sinks dimmed, with words joined. Hidden where neither can be.
class LookBoxes : public QWidget {
    Q_OBJECT

public:
    explicit LookBoxes(QWidget* parent = nullptr);

    /// Without a signal.
    void take(const MapsScene& scene, const MapsLook& look);

signals:
    void chosen(bool dimSinks, bool joinWords);

private:
    QCheckBox *m_dim, *m_join;
};

}  // namespace lab
