#pragma once

#include "ui/pages/positions/rope_study.h"
#include "ui/widgets/table/still_table.h"

namespace lab {

/// The numbers of every pair in a table. Click, Up and Down choose the pair in hand; more pairs than fit scroll with it and the wheel.
class PairTable : public StillTable {
    Q_OBJECT

public:
    explicit PairTable(RopeStudy& study, QWidget* parent = nullptr);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    std::vector<QRectF> rooms(const QRectF& line) const override;
    std::optional<Role> groundOf(int row) const override;

private:
    void nameColumns();
    void describe();

    RopeStudy& m_study;
    int m_shownPair = -1;
};

/// Below the table: the sum over the pairs, what it is held against, and that shifting both positions changes nothing.
class ScoreProof : public QWidget {
    Q_OBJECT

public:
    ScoreProof(RopeStudy& study, QWidget* parent = nullptr);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }
    bool holds() const;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void describe();
    QString verdict() const;
    RopeStudy& m_study;
};

}  // namespace lab
