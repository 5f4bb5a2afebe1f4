#pragma once

#include <QWidget>

class QHBoxLayout;
class QPainter;
class QVBoxLayout;

namespace lab {

/// The common frame of a page's parts: hairline border, radius 4, a title bar with a bold title, a muted subtitle and controls at its
/// right, and below it one content widget (on the screen colour unless setOnScreen(false)).
class PanelFrame : public QWidget {
    Q_OBJECT

public:
    explicit PanelFrame(const QString& title = {}, QWidget* parent = nullptr);

    QString title() const { return m_title; }
    void setTitle(const QString& title);
    /// Instead of the title where the bar has no room for it and what must stand beside it: "L3 H2".
    void setShortTitle(const QString& title);
    void setSubtitle(const QString& subtitle);
    QString subtitle() const { return m_subtitle; }
    /// A muted caption (11 px) at the right end of the title bar, before the controls.
    void setNote(const QString& note);
    /// Title bar of 24 px instead of 28.
    void setDense(bool dense);
    /// The selection tint behind the title: this panel speaks of what the person has in hand.
    void setTinted(bool tinted);
    void setOnScreen(bool onScreen);

    /// Appends a control at the right end of the title bar.
    void addControl(QWidget* control);
    /// Takes the widget; replaces and deletes an earlier one.
    void setContent(QWidget* content);
    QWidget* content() const { return m_content; }

protected:
    bool eventFilter(QObject* object, QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    void applyMeasures();
    void describe();
    void paintTitle(QPainter& painter) const;
    QColor ground() const;
    int titleHeight() const;

    QString m_title;
    QString m_shortTitle;
    QString m_subtitle;
    QString m_note;
    bool m_dense = false;
    bool m_tinted = false;
    bool m_onScreen = true;
    QWidget* m_controls;
    QHBoxLayout* m_titleLayout;
    QVBoxLayout* m_layout;
    QWidget* m_content = nullptr;
};

}  // namespace lab
