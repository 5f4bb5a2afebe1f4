#pragma once

#include "core/model/trace.h"
#include "ui/pages/stream/joint_view.h"
#include "ui/scenes/parts_figure.h"
#include "ui/widgets/panel.h"

namespace lab {

class WrappedText;

/// What two heads do together on an input, drawn and said.
class JointPanel : public PanelFrame {
    Q_OBJECT

public:
    explicit JointPanel(QWidget* parent = nullptr);

    /// `query`: whose chain; -1: the most telling one. `tokens`: names of the look's tokens.
    void showLook(const CircuitLook& look, const Run& run, const Input& input, int query, const QStringList& tokens);
    FigureOffer figure(const FigureSubject& of) const;

signals:
    void queryChosen(int query);

private:
    QString words(const JointLook& joint, PathEnd end) const;

    JointScene m_scene;
    JointView* m_view;
    WrappedText* m_words;
};

}  // namespace lab
