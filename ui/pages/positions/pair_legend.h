#pragma once

#include <QWidget>

#include "ui/pages/positions/rope_study.h"

namespace lab {

/// Below the large circle: by how much q and k are turned, the angle between them and what it adds to the score.
class PairLegend : public QWidget {
    Q_OBJECT

public:
    PairLegend(RopeStudy& study, QWidget* parent = nullptr);
    /// The sum in words: "q turned 9 theta = 290 degrees; ...".
    QString spoken() const;
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QString turned(const QString& name, int position) const;
    QString product() const;
    RopeStudy& m_study;
};

}  // namespace lab
