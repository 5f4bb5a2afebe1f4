#pragma once

#include <QStringList>
#include <vector>

#include "ui/pages/memory/bridge_bars.h"
#include "ui/scenes/parts_figure.h"

// What the bridge says in words, and its picture for paper.

namespace lab {

/// "β = 1/√32 = 0.177"; of KV+Pos "β = s/√16 = −0.31 with s = −1.2".
QString betaWords(const AttentionMemory& memory);
/// "1/√32".
QString shortBeta(const AttentionMemory& memory);
/// What is not the plain network, what is promised, what else stands behind the words.
QString reasonWords(const AttentionMemory& memory);
/// Where further updates lead.
QString settlingWords(const BridgeLook& look, const QStringList& tokens);
/// Rows of three: in Hopfield, in attention, here.
std::vector<std::vector<QString>> correspondences(const BridgeLook& look, const QStringList& tokens, const QString& query, int update);
FigureOffer bridgeOffer(const BridgeScene& scene, const FigureSubject& subject);

}  // namespace lab
