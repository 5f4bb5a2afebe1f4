#pragma once

#include <QWidget>

#include "ui/widgets/badge.h"

class QHBoxLayout;
class QSpacerItem;

namespace lab {

/// The line above a page: what am I looking at (bold, badge, muted) at the left, the page's controls at the right.
class PageHeader : public QWidget {
    Q_OBJECT

public:
    explicit PageHeader(QWidget* parent = nullptr);

    /// `detail` stands muted behind the bold `title`; it is shortened when room is scarce.
    void setText(const QString& title, const QString& detail = {});
    QString title() const { return m_title; }
    QString detail() const { return m_detail; }
    void setBadge(const QString& text, Badge::Kind kind = Badge::Kind::other);
    void clearBadge();

    /// Appends at the right, with a muted label before it unless that is empty.
    void addControl(QWidget* control, const QString& label = {});

    /// The page folds its controls when room is scarce: the header may become as narrow as this, in logical px at 100 %.
    void setLeastWidth(int at100);
    /// Beside many controls: the title stays whole, the detail may vanish.
    void setDetailGivesWay();

    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void applyMeasures();
    void keepTitle();
    int leastText() const;
    QRect textRoom() const;

    QString m_title;
    QString m_detail;
    QString m_badge;
    Badge::Kind m_badgeKind = Badge::Kind::other;
    QWidget* m_controls;
    QHBoxLayout* m_controlsLayout;
    QSpacerItem* m_text;  ///< the room at the left
    int m_leastWidth = 0;
    bool m_detailGivesWay = false;
};

}  // namespace lab
