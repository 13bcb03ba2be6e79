"""The nets of nets.py as PyTorch modules of the same shapes; their weights are PyTorch's initial ones."""
import torch
from torch import nn
from torchvision import models

import nets


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.words = nn.Embedding(nets.WORDS, nets.WIDTH)
        self.places = nn.Parameter(torch.randn(1, nets.TOKENS, nets.WIDTH))
        self.norm = nn.LayerNorm(nets.WIDTH)
        layer = nn.TransformerEncoderLayer(nets.WIDTH, nets.HEADS, 4 * nets.WIDTH, activation="gelu", batch_first=True)
        self.layers = nn.TransformerEncoder(layer, 6, enable_nested_tensor=False)

    def forward(self, ids, mask):
        return self.layers(self.norm(self.words(ids) + self.places), src_key_padding_mask=mask == 0).mean(1)


class DeepSpeech(nn.Module):
    def __init__(self):
        super().__init__()
        self.front = nn.Sequential(nn.Conv2d(1, 32, (41, 11), (2, 2), (20, 5), bias=False), nn.BatchNorm2d(32), nn.Hardtanh(0, 20),
                                   nn.Conv2d(32, 32, (21, 11), (2, 1), (10, 5), bias=False), nn.BatchNorm2d(32), nn.Hardtanh(0, 20))
        width = 32 * ((nets.BANDS + 3) // 4)
        self.layers = nn.ModuleList(nn.GRU(w, nets.STATE, bidirectional=True) for w in (width, nets.STATE, nets.STATE))
        self.letters = nn.Linear(nets.STATE, 29)

    def forward(self, sound):
        x = self.front(sound).flatten(1, 2).permute(2, 0, 1)
        for layer in self.layers:
            x = layer(x)[0].unflatten(2, (2, nets.STATE)).sum(2)
        return self.letters(x).transpose(0, 1).softmax(2)


NETS = {
    "squeezenet": models.squeezenet1_1,
    "resnet50": models.resnet50,
    "mobilenet": models.mobilenet_v2,
    "encoder": Encoder,
    "deepspeech": DeepSpeech,
}
